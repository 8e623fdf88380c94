import { TidemarkError } from '@tidemark/errors';
import type { Connection, RowDataPacket } from 'mysql2';

import { breakConnection } from './break-connection.ts';
import { connect } from './connect.ts';
import type { MysqlEndpoint } from './types.ts';

/** States in which the server says that it is waiting until its client takes what it has. */
const HELD_BACK: ReadonlySet<unknown> = new Set(['Writing to net', 'Sending to client']);

/** Who asks, how long for an answer, and of which connection. */
export interface ServedQuestion {
  readonly where: string;
  readonly patienceMs: number;
  readonly threadId: number | null;
}

/**
 * Asks a server over a connection of its own whether it is at work for another one. Every user may see its own
 * connections.
 *
 * @returns true also when the server answers and refuses: then it is there, and no more is known
 */
export async function isServed(endpoint: MysqlEndpoint, question: ServedQuestion): Promise<boolean> {
  const { where, patienceMs, threadId } = question;
  let probe: Connection;
  try {
    probe = await connect(endpoint, { where, connectTimeoutMs: patienceMs });
  } catch (error) {
    return !isAway(error);
  }
  try {
    const own = (await readProcesses(probe, patienceMs)).find((process) => Number(process['Id']) === threadId);
    return own !== undefined && own['Command'] !== 'Sleep' && !HELD_BACK.has(own['State']);
  } finally {
    breakConnection(probe);
  }
}

function isAway(error: unknown): boolean {
  return error instanceof TidemarkError && (error.code === 'SERVER_UNREACHABLE' || error.code === 'CONNECTION_LOST');
}

function readProcesses(probe: Connection, patienceMs: number): Promise<RowDataPacket[]> {
  return new Promise((resolve, reject) => {
    probe.query<RowDataPacket[]>({ sql: 'SHOW PROCESSLIST', timeout: patienceMs }, (error, rows) => {
      if (error) reject(error);
      else resolve(rows);
    });
  });
}
