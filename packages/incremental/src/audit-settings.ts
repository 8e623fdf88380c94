import { serverStamps } from './choose-columns.ts';
import { MEANING_TEXT, meaningOf } from './known-columns.ts';
import { NO_EVIDENCE, proposeSettings, type ProposeOptions } from './propose-settings.ts';
import type { PlanColumn, PlanSettings, PlanTable, Strategy } from './types.ts';

export type AdviceCode =
  /** Rows changed and no stamp moved: a comparison saw it. */
  | 'changes_without_stamp'
  /** Read by columns of which none moves with every change. */
  | 'no_trustworthy_column'
  /** A column that is read incrementally holds dates of the business, or was seen to. */
  | 'business_date'
  /** A column that is read incrementally never moves on an update. */
  | 'never_moves'
  /** The server keeps a stamp, and none of its stamps is among the incremental columns. */
  | 'stamp_not_used'
  /** Read whole each time, and grown big. */
  | 'grown';

/** What should be changed in tables.yml for one table, and on what evidence. */
export interface Advice {
  readonly code: AdviceCode;
  /** The columns it is about; empty where it is about the table. */
  readonly columns: readonly string[];
  readonly text: string;
  /** What to configure instead. */
  readonly propose: { readonly strategy: Strategy; readonly incrementalColumns: readonly string[] };
}

/** A table that is read whole although it has this many times the rows of a small one is worth a word. */
const GROWN = 10;

/**
 * Looks at what is configured for a table in the light of its columns and of what runs and comparisons have seen. It says
 * nothing where the configuration is sound, or leaves the decision to the table.
 */
export function auditSettings(table: PlanTable, settings: PlanSettings, options: ProposeOptions = {}): Advice[] {
  const { evidence = NO_EVIDENCE } = options;
  const { strategy, incrementalColumns, reason } = proposeSettings(table, options);
  if (strategy === null) return [];
  const propose = { strategy, incrementalColumns };
  const advise = (code: AdviceCode, columns: readonly string[], text: string): Advice => ({
    code,
    columns,
    text,
    propose,
  });
  if (settings.strategy === 'digest') return [];
  if (settings.strategy === 'full_table') {
    if (table.estimatedRows < GROWN * settings.fullTableBelowRows) return [];
    return [advise('grown', [], `It is read whole in every run and has about ${table.estimatedRows} rows. ${reason}`)];
  }
  const used = usedColumns(table, settings);
  if (evidence.unstampedRows > 0) {
    const differing = Object.keys(evidence.unstampedColumns);
    const where = differing.length > 0 ? `, in ${differing.join(', ')}` : '';
    const text = `A comparison found ${evidence.unstampedRows} changed rows that no stamp had told of${where}.`;
    return used.length > 0 ? [advise('changes_without_stamp', differing, text)] : [];
  }
  return adviseColumns(table, used, { settings, options, advise });
}

interface Advising {
  readonly settings: PlanSettings;
  readonly options: ProposeOptions;
  readonly advise: (code: AdviceCode, columns: readonly string[], text: string) => Advice;
}

function adviseColumns(table: PlanTable, used: readonly PlanColumn[], advising: Advising): Advice[] {
  const { settings, options, advise } = advising;
  const stamps = serverStamps(table);
  const others = used.filter(({ serverMaintained, kind }) => !serverMaintained && kind !== 'integer');
  const business = others.filter(({ name }) => isBusiness(table.name, name, options));
  const still = others.filter((column) => !business.includes(column) && isEntry(table.name, column.name));
  // One stamp of the server is enough: all of them move with every change.
  const missing = used.some(({ serverMaintained }) => serverMaintained) ? [] : stamps;
  const listed = (columns: readonly PlanColumn[]): string[] => columns.map(({ name }) => name);
  const configured = settings.incrementalColumns ?? [];
  return [
    ...(missing.length > 0 && configured.length > 0
      ? [advise('stamp_not_used', listed(missing), `The server keeps ${listed(missing).join(', ')} itself.`)]
      : []),
    ...(stamps.length === 0 && configured.length > 0 && settings.strategy === 'incremental'
      ? [advise('no_trustworthy_column', configured, 'None of the incremental columns moves with every change.')]
      : []),
    ...(business.length > 0
      ? [advise('business_date', listed(business), businessText(listed(business), options))]
      : []),
    ...(still.length > 0
      ? [advise('never_moves', listed(still), `${listed(still).join(', ')}: ${MEANING_TEXT.entry}.`)]
      : []),
  ];
}

function isEntry(table: string, column: string): boolean {
  return ['entry', 'named_like_entry'].includes(meaningOf(table, column));
}

function isBusiness(table: string, column: string, { evidence = NO_EVIDENCE }: ProposeOptions): boolean {
  const seen = evidence.quality.find((quality) => quality.column === column);
  return meaningOf(table, column) === 'business' || (seen?.future ?? 0) > 0;
}

function businessText(columns: readonly string[], { evidence = NO_EVIDENCE }: ProposeOptions): string {
  const future = evidence.quality.filter(({ column, future: count }) => columns.includes(column) && count > 0);
  const seen = future.map(({ column, future: count, values }) => `${count} of ${values} values of ${column}`);
  const observed = seen.length > 0 ? ` Seen in the last run: ${seen.join(', ')} in the future.` : '';
  return `${columns.join(', ')}: ${MEANING_TEXT.business}.${observed}`;
}

/** The configured columns that are in the table, key left out; without a configuration the server's stamps. */
function usedColumns(table: PlanTable, { incrementalColumns }: PlanSettings): readonly PlanColumn[] {
  if (incrementalColumns === null) return serverStamps(table);
  const wanted = new Set(incrementalColumns.map((name) => name.toLowerCase()));
  const key = new Set(table.key.map((name) => name.toLowerCase()));
  return table.columns.filter(({ name }) => wanted.has(name.toLowerCase()) && !key.has(name.toLowerCase()));
}
