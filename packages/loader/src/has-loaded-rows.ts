import { quoteMysqlIdentifier } from '@tidemark/incremental';
import { SEQUENCE_COLUMN, type MysqlSession } from '@tidemark/mysql';
import type { HopState } from '@tidemark/tracking';

import type { ReplicaTable } from './find-replica-table.ts';

/**
 * Whether the replica still holds a row that the last load has seen. One look at the index of the sequence.
 *
 * When it does not, every row was written since: the replica table was rebuilt, and what went before that left no
 * tombstone. Then only a full read shows what is gone, and it reads no more than an incremental one would.
 */
export async function hasLoadedRows(
  replica: MysqlSession,
  { hasSequence, description }: ReplicaTable,
  state: HopState | null,
): Promise<boolean> {
  if (!hasSequence || state === null || state.copySequence === null) return false;
  const rows = await replica.query(
    `SELECT 1 AS found FROM ${quoteMysqlIdentifier(description.name)}
      WHERE ${quoteMysqlIdentifier(SEQUENCE_COLUMN)} <= ? LIMIT 1`,
    [BigInt(state.copySequence)],
  );
  return rows.length > 0;
}
