import type { MysqlSession } from '@tidemark/mysql';
import { TRACKING_TABLES, type HopState } from '@tidemark/tracking';

/**
 * Removes tombstones of a record that was lost, before its numbers are given out again: the load would take them for
 * deletes of the copies to come. No warehouse misses them: under a new record each reads the table whole.
 */
export async function forgetTombstones(replica: MysqlSession, table: string, state: HopState | null): Promise<void> {
  if (state?.copySequence != null) return;
  await replica.execute(`DELETE FROM ${TRACKING_TABLES.tombstone} WHERE table_name = ?`, [table]);
}
