import { TidemarkError } from '@tidemark/errors';
import type { TableDescription } from '@tidemark/mysql';
import type { HopState } from '@tidemark/tracking';

/** What is known of a table before anything of it is compared. */
export interface Standing {
  readonly table: string;
  /** Null where no hop has a record of the table. */
  readonly copyState: HopState | null;
  readonly loadState: HopState | null;
  readonly sourceTable: TableDescription | undefined;
  readonly replicaTable: TableDescription | undefined;
}

/**
 * Why there is nothing to compare yet; null where there is something.
 *
 * Skipped in peace is only a table of which raw holds nothing that anybody could take for proved, and at which no hop has
 * failed: it was not its turn yet. Everything else is told as an error.
 *
 * @throws TidemarkError TABLE_GONE, TABLE_NOT_READY
 */
export function whyNothingYet(standing: Standing): string | null {
  const { table, copyState, loadState, sourceTable, replicaTable } = standing;
  if (!sourceTable) {
    if (hasRows(copyState) || hasRows(loadState)) throw tableGone(table);
    return 'the source has no such table';
  }
  if (copyState?.succeeded !== true || copyState.resume !== null) return notCopied(standing);
  if (loadState?.succeeded !== true) {
    if (loadState?.status === 'failed')
      throw notReady(table, 'no load of the table has succeeded yet, the last failed');
    return 'not loaded yet';
  }
  if (!replicaTable) throw notReady(table, 'the replica has no such table, though it was copied');
  return null;
}

function notCopied({ table, copyState, loadState }: Standing): string {
  const words = copyState?.resume == null ? 'not copied yet' : 'a copy from scratch has begun and not finished';
  if (hasRows(loadState)) throw notReady(table, `raw holds rows of the table, and of its copy it is known: ${words}`);
  if (copyState?.status === 'failed') throw notReady(table, `${words}, and the last copy failed`);
  return words;
}

function hasRows(state: HopState | null): boolean {
  return state !== null && (state.succeeded || state.resume !== null);
}

function tableGone(table: string): TidemarkError {
  return new TidemarkError('TABLE_GONE', {
    message:
      'the source no longer has this table, which was copied before; what replica and raw hold of it proves nothing',
    hint: `If it was renamed, list its new name in tables.yml. If it is gone for good, take ${table} out of tables.yml, or use --exclude ${table}. If OpenDental is being upgraded, verify again when that is done.`,
    table,
  });
}

/** Rows cannot be compared before a run has come to its end. */
export function notReady(table: string, message: string): TidemarkError {
  return new TidemarkError('TABLE_NOT_READY', {
    message,
    hint: `Run \`tidemark run ${table}\` until it ends well, then verify again.`,
    table,
  });
}
