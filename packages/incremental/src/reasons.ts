import type { PlanTable, Predicate, Reason, SkippedColumn } from './types.ts';

/** Why a plan is what it is, in words for people: column names and estimates, never a value of a row. */
export const REASONS = {
  forced: (): Reason => ({ code: 'forced', text: 'A full refresh was asked for.' }),
  firstCopy: (): Reason => ({ code: 'first_copy', text: 'No run of this table has succeeded yet.' }),
  adopted: (): Reason => ({
    code: 'adopted',
    text: 'Rows that another program copied are taken over: they are compared by digest.',
  }),
  replicaNew: (): Reason => ({
    code: 'replica_new',
    text: 'The target table is new, or empty although rows had been recorded.',
  }),
  structureChanged: (): Reason => ({
    code: 'structure_changed',
    text: 'The key or a column type is not what it was at the last success.',
  }),
  configuredFullTable: (): Reason => ({
    code: 'configured_full_table',
    text: 'The configuration asks for the whole table.',
  }),
  configuredDigest: (): Reason => ({
    code: 'configured_digest',
    text: 'The configuration asks for a comparison by digest.',
  }),
  noKey: (): Reason => ({
    code: 'no_key',
    text: 'The table has no key, so single rows cannot be told apart: the whole table is read.',
  }),
  keyOnly: (table: PlanTable): Reason => ({
    code: 'key_only',
    text: `Only the key (${table.key.join(', ')}) is an incremental column; updates of rows would be lost.`,
  }),
  smallTable: (estimatedRows: number, below: number): Reason => ({
    code: 'small_table',
    text: `No column shows every change, and the table is small: about ${estimatedRows} rows, below ${below}.`,
  }),
  noIncrementalColumns: (): Reason => ({
    code: 'no_incremental_columns',
    text: 'No column shows every change: ranges of rows are compared by digest.',
  }),
  noValidColumn: (skipped: readonly SkippedColumn[]): Reason => ({
    code: 'no_valid_column',
    text: `No incremental column can be used: ${skipped.map(({ column, why }) => `${column} (${why})`).join(', ')}.`,
  }),
  noWatermark: (columns: readonly string[]): Reason => ({
    code: 'no_watermark',
    text: `No usable watermark yet for ${columns.join(', ')}; changes that show only there would be missed.`,
  }),
  incremental: (predicate: Predicate): Reason => ({ code: 'incremental', text: incrementalText(predicate) }),
} as const;

function incrementalText(predicate: Predicate): string {
  const stamps = predicate.branches.filter((branch) => branch.operator === '>=').map((branch) => branch.column);
  const joined = stamps.join(predicate.logic === 'and' ? ' and ' : ' or ');
  const key = predicate.branches.find((branch) => branch.operator === '>');
  return `Rows where ${joined} moved since the last run${key === undefined ? '' : `, and new keys in ${key.column}`}.`;
}
