import { resolveTables, tableSettings, toPlanSettings, type TablesFile } from '@tidemark/config';
import { auditSettings, proposeSettings } from '@tidemark/incremental';
import { toPlanTable, type TableDescription } from '@tidemark/mysql';

import { findDrift } from './find-drift.ts';
import type { Drift, InitReport, InitTable, TableAdvice } from './init-report.ts';
import type { Evidence } from './read-evidence.ts';

export interface ProposeInput {
  readonly file: TablesFile | null;
  /** Tables of the source. */
  readonly described: readonly TableDescription[];
  /** Whether a table may be added or changed: what --select and --exclude leave. */
  readonly isSelected: (table: string) => boolean;
  readonly evidence: Evidence;
  /** Tables that may be read in part only, with the words for it: their description lacks columns. */
  readonly partly: ReadonlyMap<string, string>;
}

export type Proposed = Pick<InitReport, 'tables' | 'drift' | 'advice'>;

const BYTES_PER_MB = 1024 * 1024;

/** What tables.yml should say of every table of the source, and where it says something else. */
export function proposeTables(input: ProposeInput): Proposed {
  const { file, described, isSelected, partly } = input;
  const names = described.map(({ name }) => name);
  const left = new Map(resolveTables({ file: null, sourceTables: names }).skipped.map(({ table }) => [table, true]));
  const configured = new Set(file ? resolveTables({ file, sourceTables: names }).tables : []);
  const tables: InitTable[] = [];
  const drift: Drift[] = [];
  const advice: TableAdvice[] = [];
  for (const description of described) {
    const { name } = description;
    const whyPartly = partly.get(name);
    if (left.has(name)) {
      tables.push({ ...proposal(input, description), status: 'left_out', strategy: null, reason: PASSING });
    } else if (whyPartly !== undefined) {
      const isKept = configured.has(name);
      const unknown = { strategy: null, incrementalColumns: [], key: [], unused: [], reason: whyPartly } as const;
      tables.push({ ...proposal(input, description), ...unknown, status: isKept ? 'kept' : 'left_out' });
      if (isKept) drift.push({ table: name, kind: 'hidden_columns', columns: [], text: whyPartly });
      else if (file) drift.push({ table: name, kind: 'new_table', columns: [], text: newText(false, whyPartly) });
    } else if (configured.has(name)) {
      tables.push({ ...proposal(input, description), status: 'kept' });
      drift.push(...findDrift(description, tableSettings(file, name)));
      advice.push(...adviceOf(input, description));
    } else {
      const proposed = proposal(input, description);
      const isAdded = proposed.strategy !== null && isSelected(name);
      const reason = proposed.strategy !== null && !isAdded ? 'Not selected.' : proposed.reason;
      tables.push({ ...proposed, status: isAdded ? 'added' : 'left_out', reason });
      if (file) drift.push({ table: name, kind: 'new_table', columns: [], text: newText(isAdded, reason) });
    }
  }
  return { tables, drift: [...drift, ...lostTables(file, names)], advice };
}

const PASSING = 'A passing table of OpenDental, or one of Tidemark itself: never copied.';

function newText(isAdded: boolean, reason: string): string {
  return isAdded ? 'it is new in the source' : `it is in the source and not in tables.yml. ${reason}`;
}

function lostTables(file: TablesFile | null, sourceTables: readonly string[]): Drift[] {
  if (!file) return [];
  const gone = resolveTables({ file, sourceTables }).skipped.filter(({ reason }) => reason === 'absent_in_source');
  return gone.map(({ table }) => ({
    table,
    kind: 'lost_table' as const,
    columns: [],
    text: 'the source has no such table, or its user may not see it',
  }));
}

function proposal({ file, evidence }: ProposeInput, description: TableDescription): Omit<InitTable, 'status'> {
  const { name, estimatedRows, estimatedBytes } = description;
  const settings = tableSettings(file, name);
  const key = settings.primaryKey ?? description.key;
  const { fullTableBelowRows } = settings;
  const proposed = proposeSettings(toPlanTable(description, key), { fullTableBelowRows, evidence: evidence.of(name) });
  return {
    table: name,
    ...proposed,
    key,
    estimatedRows,
    estimatedSizeMb: Math.round((estimatedBytes / BYTES_PER_MB) * 100) / 100,
  };
}

/** What should be changed in how a table is configured, or in how it is read without being configured. */
export function adviceOf(
  { file, evidence }: Pick<ProposeInput, 'file' | 'evidence'>,
  description: TableDescription,
): TableAdvice[] {
  const { name } = description;
  const settings = tableSettings(file, name);
  const table = toPlanTable(description, settings.primaryKey ?? description.key);
  const { fullTableBelowRows } = settings;
  const advice = auditSettings(table, toPlanSettings(settings), { fullTableBelowRows, evidence: evidence.of(name) });
  return advice.map((each) => Object.assign({ table: name }, each));
}
