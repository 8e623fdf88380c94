import { quoteMysqlIdentifier } from '@tidemark/incremental';
import type { MysqlSession } from '@tidemark/mysql';

import type { CopyContext } from './copy-context.ts';

/** Rows in the replica table. The replica is ours: a full count there holds up nobody. */
export function countReplicaRows({ replica, replicaTable }: CopyContext): Promise<number> {
  return countRows(replica, replicaTable.name);
}

export async function countRows(session: MysqlSession, table: string): Promise<number> {
  const [row] = await session.query(`SELECT COUNT(*) AS n FROM ${quoteMysqlIdentifier(table)}`);
  return Number(row?.['n'] ?? 0);
}

/** Whether a table has any row, without counting. */
export async function hasRows(session: MysqlSession, table: string): Promise<boolean> {
  return (await session.query(`SELECT 1 FROM ${quoteMysqlIdentifier(table)} LIMIT 1`)).length > 0;
}
