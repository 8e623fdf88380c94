import { openMysqlSession, type MysqlSession } from '@tidemark/mysql';

import type { LoadDeps } from './types.ts';

/**
 * Opens a read-only session on the replica in which rows, tombstones and the copy hop's record are one snapshot: what
 * was committed when it began, however long the load takes.
 *
 * @param first done on the session before the snapshot begins
 */
export async function openReplicaSnapshot(
  { replica, stallTimeoutMs }: Pick<LoadDeps, 'replica' | 'stallTimeoutMs'>,
  first: (session: MysqlSession) => Promise<void>,
): Promise<MysqlSession> {
  const session = await openMysqlSession(replica, { where: 'replica', stallTimeoutMs });
  try {
    // The server gives up on a reader that takes nothing for net_write_timeout; PostgreSQL may pause at a checkpoint.
    await session.execute('SET SESSION net_write_timeout = 600');
    await first(session);
    await session.execute('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await session.execute('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}
