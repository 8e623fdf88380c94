import { serverStamps } from './choose-columns.ts';
import { MEANING_TEXT, meaningOf, type ColumnMeaning } from './known-columns.ts';
import type { ColumnQuality, PlanTable, Strategy } from './types.ts';

/** Tables below this many estimated rows are read whole when they have no trustworthy stamp. */
export const DEFAULT_FULL_TABLE_BELOW_ROWS = 5000;

/** What runs and comparisons have seen of a table. All of it is counts. */
export interface TableEvidence {
  readonly quality: readonly ColumnQuality[];
  /** Rows that a full comparison found changed and no stamp had told of; 0 where none was found or nothing compared. */
  readonly unstampedRows: number;
  /** In which columns those rows differed: column → rows. */
  readonly unstampedColumns: Readonly<Record<string, number>>;
}

export const NO_EVIDENCE: TableEvidence = { quality: [], unstampedRows: 0, unstampedColumns: {} };

/** Columns that hold times and are not proposed, for one reason. */
export interface UnusedColumns {
  readonly meaning: ColumnMeaning;
  readonly columns: readonly string[];
  readonly why: string;
}

/** What a new configuration proposes for a table. */
export interface ProposedSettings {
  /** Null: the table cannot be synced as it is, and `reason` says why. */
  readonly strategy: Strategy | null;
  readonly incrementalColumns: readonly string[];
  /** A sentence a person can read. */
  readonly reason: string;
  readonly unused: readonly UnusedColumns[];
  /** What was observed and spoke for or against it: sentences with counts. */
  readonly evidence: readonly string[];
}

export interface ProposeOptions {
  readonly fullTableBelowRows?: number;
  readonly evidence?: TableEvidence;
}

/**
 * Proposes a strategy for a table nobody has configured yet.
 *
 * Only a stamp that the server keeps itself counts: a column that programs fill may show the insert alone, be written
 * from a workstation's clock, or not move at all. And a stamp that was seen to stand still counts no more.
 */
export function proposeSettings(table: PlanTable, options: ProposeOptions = {}): ProposedSettings {
  const { fullTableBelowRows = DEFAULT_FULL_TABLE_BELOW_ROWS, evidence = NO_EVIDENCE } = options;
  const stamps = serverStamps(table).map((column) => column.name);
  const told = { unused: unusedColumns(table), evidence: evidenceText(table, evidence) };
  if (table.key.length === 0) {
    const reason = 'No primary key and no unique index without NULL: rows could not be written by key.';
    return { strategy: null, incrementalColumns: [], reason, ...told };
  }
  if (stamps.length > 0 && evidence.unstampedRows === 0) {
    const reason = `The server itself stamps every change in ${stamps.join(', ')}.`;
    return { strategy: 'incremental', incrementalColumns: stamps, reason, ...told };
  }
  const why = stamps.length > 0 ? `${stamps.join(', ')} did not move with every change` : 'No stamp shows every change';
  const isSmall = table.estimatedRows < fullTableBelowRows;
  return {
    strategy: isSmall ? 'full_table' : 'digest',
    incrementalColumns: [],
    reason: `${why}, and the table is ${isSmall ? 'small: read whole' : 'not small: compared by digest'}.`,
    ...told,
  };
}

function unusedColumns(table: PlanTable): UnusedColumns[] {
  const isTime = (kind: string): boolean => kind === 'timestamp' || kind === 'datetime' || kind === 'date';
  const unused = table.columns.filter(
    ({ name, kind, serverMaintained }) => isTime(kind) && !serverMaintained && !table.key.includes(name),
  );
  return [...Map.groupBy(unused, ({ name }) => meaningOf(table.name, name))].map(([meaning, columns]) => ({
    meaning,
    columns: columns.map(({ name }) => name),
    why: MEANING_TEXT[meaning],
  }));
}

function evidenceText(table: PlanTable, { quality, unstampedRows, unstampedColumns }: TableEvidence): string[] {
  const columns = Object.keys(unstampedColumns);
  const known = new Set(table.columns.map(({ name }) => name));
  return [
    ...(unstampedRows > 0
      ? [
          `A comparison found ${rows(unstampedRows)} whose change no stamp had told of${columns.length > 0 ? `, in ${columns.join(', ')}` : ''}.`,
        ]
      : []),
    ...quality.filter(({ column }) => known.has(column)).flatMap(qualityText),
  ];
}

function qualityText({ column, values, nulls, sentinels, outOfRange, future }: ColumnQuality): string[] {
  const bad = [
    ...(future > 0 ? [`${future} in the future`] : []),
    ...(outOfRange > 0 ? [`${outOfRange} outside the years 1900 to 2100`] : []),
    ...(nulls + sentinels > 0 ? [`${nulls + sentinels} not set`] : []),
  ];
  return bad.length === 0 ? [] : [`${column}, last seen in ${rows(values)}: ${bad.join(', ')}.`];
}

function rows(count: number): string {
  return `${count} ${count === 1 ? 'row' : 'rows'}`;
}
