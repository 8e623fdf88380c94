import { TidemarkError } from '@tidemark/errors';
import type { MysqlSession } from '@tidemark/mysql';
import { reachPoint, TRACKING_TABLES, type HopState } from '@tidemark/tracking';

import { hasPruningColumn } from './read-copy-state.ts';

const MOST_AT_ONCE = 10_000;

/**
 * Deletes tombstones of a table that this warehouse has loaded and that are older than `keepSeconds`, by the replica's
 * clock. In the same transaction the replica's record says up to which copy they may be gone: another warehouse, or this
 * one restored from a backup, sees by it that it came too late (`plan-load.ts`).
 *
 * They are deleted by number, so that no tombstone of a copy under way is waited for.
 */
export async function pruneTombstones(
  replica: MysqlSession,
  table: string,
  { state, keepSeconds }: { readonly state: HopState | null; readonly keepSeconds: number | null },
): Promise<void> {
  const loaded = state?.succeeded === true ? state.copySequence : null;
  if (loaded === null || keepSeconds === null || replica.facts.readOnly || !(await hasPruningColumn(replica))) return;
  const old = await replica.query(
    `SELECT CAST(id AS CHAR) AS id, CAST(copy_sequence AS CHAR) AS sequence FROM ${TRACKING_TABLES.tombstone}
      WHERE table_name = ? AND copy_sequence <= ? AND deleted_at < UTC_TIMESTAMP(6) - INTERVAL ? SECOND
      ORDER BY copy_sequence LIMIT ${MOST_AT_ONCE}`,
    [table, BigInt(loaded), BigInt(Math.ceil(keepSeconds))],
  );
  const highest = old.at(-1)?.['sequence'] ?? null;
  if (highest === null) return;
  try {
    await deleteThem(replica, { table, upTo: BigInt(highest), ids: old.map(({ id }) => BigInt(id ?? '0')) });
  } catch (error) {
    await replica.execute('ROLLBACK');
    // A load needs to read the replica only. Tombstones that stay do no harm.
    if (error instanceof TidemarkError && error.code === 'RIGHT_MISSING') return;
    throw error;
  }
}

async function deleteThem(
  replica: MysqlSession,
  { table, upTo, ids }: { readonly table: string; readonly upTo: bigint; readonly ids: readonly bigint[] },
): Promise<void> {
  await replica.execute('START TRANSACTION');
  const met = await replica.execute(
    `UPDATE ${TRACKING_TABLES.copyStatus}
        SET tombstones_pruned_to = GREATEST(COALESCE(tombstones_pruned_to, 0), ?), _updated_at = _updated_at
      WHERE table_name = ?`,
    [upTo, table],
  );
  // Without a record nothing would tell a late load of them.
  if (met > 0) {
    await replica.execute(
      `DELETE FROM ${TRACKING_TABLES.tombstone} WHERE id IN (${ids.map(() => '?').join(', ')})`,
      ids,
    );
  }
  await reachPoint('prune.tombstones-gone', table);
  await replica.execute('COMMIT');
  await reachPoint('prune.tombstones-committed', table);
}
