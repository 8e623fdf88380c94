import type { Connection } from 'mysql2';

import { breakConnection } from './break-connection.ts';
import { connect } from './connect.ts';
import type { MysqlEndpoint } from './types.ts';

/** Milliseconds that the server gets to answer, and again to hear of it. */
const PATIENCE_MS = 1000;

/**
 * Ends a connection on both sides at once, whatever it is doing.
 *
 * A server in the middle of a statement does not notice that its client is gone: it would go on, and keep the locks,
 * until the statement ends. So it is asked to kill the connection first, which every user may ask of its own.
 */
export async function endConnection(endpoint: MysqlEndpoint, where: string, connection: Connection): Promise<void> {
  const { threadId } = connection;
  try {
    if (typeof threadId === 'number') await kill(endpoint, where, threadId);
  } catch {
    // The server cannot be asked: the connection is broken from this side in any case.
  }
  breakConnection(connection);
}

async function kill(endpoint: MysqlEndpoint, where: string, threadId: number): Promise<void> {
  const killer = await connect(endpoint, { where, connectTimeoutMs: PATIENCE_MS });
  const timer = setTimeout(() => breakConnection(killer), PATIENCE_MS);
  // Whether it was there still makes no difference.
  await new Promise<void>((resolve) => killer.query(`KILL ${threadId}`, () => resolve()));
  clearTimeout(timer);
  breakConnection(killer);
}
