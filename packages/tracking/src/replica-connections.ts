import type { Socket } from 'node:net';

import { classifyDriverError } from '@tidemark/errors';
import mysql, {
  type Connection,
  type ConnectionOptions,
  type PoolConnection,
  type PoolOptions,
  type QueryOptions,
  type RowDataPacket,
} from 'mysql2';

import type { OpenConnections } from './open-connections.ts';
import { countStatements } from './statement-count.ts';

/** What mysql2 does not type. */
interface Inner {
  readonly stream: Socket;
  /** The command under way. */
  readonly _command: unknown;
}

export function replicaSocket(connection: Connection): Socket {
  return inner(connection).stream;
}

function inner(connection: Connection): Inner {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see `Inner`
  return connection as unknown as Inner;
}

/** mysql2 as TypeORM takes it, with every connection of its pools under watch from the first statement on. */
export function watchedMysql(login: ConnectionOptions, connections: OpenConnections): typeof mysql {
  const createPool = (poolOptions: PoolOptions): mysql.Pool => {
    const pool = mysql.createPool(poolOptions);
    pool.on('connection', (connection: PoolConnection) => {
      countStatements(connection);
      connections.add({
        socket: replicaSocket(connection),
        isWaiting: () => Boolean(inner(connection)._command),
        isServed: () => isServed(login, connection.threadId, connections.patienceMs),
      });
    });
    return pool;
  };
  const driver: typeof mysql = Object.create(mysql, { createPool: { value: createPool } });
  return driver;
}

/** Whether the server says, over a connection of its own, that it is at work for another one of the same user. */
async function isServed(login: ConnectionOptions, threadId: number | null, patienceMs: number): Promise<boolean> {
  const probe = mysql.createConnection({ ...login, connectTimeout: patienceMs });
  probe.on('error', () => {});
  try {
    const processes = await ask(probe, { sql: 'SHOW PROCESSLIST', timeout: patienceMs });
    const own = processes.find((process) => Number(process['Id']) === threadId);
    // In these two states the server waits until its client takes what it has.
    return own !== undefined && own['Command'] !== 'Sleep' && !/^(Writing to net|Sending to client)/.test(own['State']);
  } catch (error) {
    // One that answers and refuses is there, and no more is known.
    return !['SERVER_UNREACHABLE', 'CONNECTION_LOST'].includes(classifyDriverError(error, 'replica').code);
  } finally {
    replicaSocket(probe).destroy();
  }
}

function ask(probe: Connection, question: QueryOptions): Promise<RowDataPacket[]> {
  return new Promise((resolve, reject) => {
    probe.query<RowDataPacket[]>(question, (error, rows) => {
      if (error) reject(error);
      else resolve(rows);
    });
  });
}
