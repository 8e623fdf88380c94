import { setTimeout as sleep } from 'node:timers/promises';

import type { Connection } from 'mysql2';

import { breakConnection } from './break-connection.ts';
import { openMysqlSession } from './open-session.ts';
import type { MysqlEndpoint } from './types.ts';

/** Milliseconds that the server gets to hear of it. */
const PATIENCE_MS = 1000;

/**
 * Ends a connection on both sides at once, whatever it is doing.
 *
 * A server in the middle of a statement does not notice that its client is gone: it would go on, and keep the locks,
 * until the statement ends. So it is asked to kill the connection first, which every user may ask of its own.
 */
export async function endConnection(endpoint: MysqlEndpoint, where: string, connection: Connection): Promise<void> {
  const { threadId } = connection;
  if (typeof threadId === 'number') {
    await Promise.race([kill(endpoint, where, threadId), sleep(PATIENCE_MS, undefined, { ref: false })]);
  }
  breakConnection(connection);
}

async function kill(endpoint: MysqlEndpoint, where: string, threadId: number): Promise<void> {
  try {
    const session = await openMysqlSession(endpoint, { where, connectTimeoutMs: PATIENCE_MS });
    try {
      await session.execute(`KILL ${threadId}`);
    } finally {
      await session.close();
    }
  } catch {
    // The server cannot be asked, or the connection is gone already: it is broken from this side in any case.
  }
}
