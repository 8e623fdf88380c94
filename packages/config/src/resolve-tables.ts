import { indexNames, matchName, type NameIndex } from './match-name.ts';
import type { TablesFile } from './tables-file.ts';

/** Tables that OpenDental leaves behind or uses during an upgrade: copies of others, gone the next day. */
const TEMPORARY = [/^tempconv_/i, /^temp.*_bak_/i, /^tmp/i];

/** Tidemark's own, should a database be source and target of two pipelines. */
const OWN: ReadonlySet<string> = new Set([
  'etl_copy_status',
  'etl_load_status',
  'etl_transform_status',
  'etl_run_history',
  'etl_verification',
  'etl_tombstone',
  'tidemark_migrations',
]);

export type TableSkipReason =
  /** In tables.yml and not in the source. */
  | 'absent_in_source'
  /** Fits several tables of the source that differ in case only. */
  | 'ambiguous_name'
  /** Another entry of tables.yml already stands for the same table of the source. */
  | 'described_twice'
  | 'temporary_table'
  | 'tracking_table';

export interface SkippedTable {
  readonly table: string;
  readonly reason: TableSkipReason;
}

export interface ResolvedTables {
  /** To be synced, as the source spells them; in the order of tables.yml, else of the source. */
  readonly tables: readonly string[];
  readonly skipped: readonly SkippedTable[];
}

export interface ResolveInput {
  readonly file: TablesFile | null;
  /** Base tables of the source. */
  readonly sourceTables: readonly string[];
}

/** Says which tables are synced: those of tables.yml, or without one every base table of the source. */
export function resolveTables({ file, sourceTables }: ResolveInput): ResolvedTables {
  const index = indexNames(sourceTables);
  const tables: string[] = [];
  const skipped: SkippedTable[] = [];
  // Exact names first, so that `patient` gets its table before `Patient` may take it.
  const wanted = file ? [...file.tables.keys()] : sourceTables;
  const taken = new Set(wanted.filter((name) => index.exact.has(name)));
  for (const name of wanted) {
    const found = place(name, index);
    if ('reason' in found) skipped.push(found);
    else if (found.table !== name && taken.has(found.table)) skipped.push({ table: name, reason: 'described_twice' });
    else {
      taken.add(found.table);
      tables.push(found.table);
    }
  }
  return { tables, skipped };
}

function place(name: string, index: NameIndex): SkippedTable | { table: string } {
  if (OWN.has(name.toLowerCase())) return { table: name, reason: 'tracking_table' };
  if (TEMPORARY.some((pattern) => pattern.test(name))) return { table: name, reason: 'temporary_table' };
  const match = matchName(name, index);
  if (match.kind === 'found') return { table: match.name };
  return { table: name, reason: match.kind === 'absent' ? 'absent_in_source' : 'ambiguous_name' };
}
