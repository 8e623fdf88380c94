import type { Socket } from 'node:net';

import { classifyDriverError } from '@tidemark/errors';
import { Client, type ClientBase, type ClientConfig } from 'pg';

import type { OpenConnections } from './open-connections.ts';
import { countStatements } from './statement-count.ts';

/** What the types of pg leave out. */
interface Inner {
  readonly connection: { readonly stream: Socket };
  /** False while a query is under way. */
  readonly readyForQuery: boolean;
  readonly processID: number | null;
}

function inner(client: ClientBase): Inner {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see `Inner`
  return client as unknown as Inner;
}

export function warehouseSocket(client: ClientBase): Socket {
  return inner(client).connection.stream;
}

/** Number of the server process behind a client. */
export function backendOf(client: ClientBase): number | null {
  return inner(client).processID;
}

/** Puts a new client of a pool under watch, before its first query. */
export function watchWarehouse(client: ClientBase, login: ClientConfig, connections: OpenConnections): void {
  countStatements(client);
  const socket = warehouseSocket(client);
  const { patienceMs } = connections;
  const options = { ...login, connectionTimeoutMillis: patienceMs, query_timeout: patienceMs };
  connections.add({
    socket,
    isWaiting: () => !inner(client).readyForQuery,
    isServed: () => isServed(options, backendOf(client), socket.writableLength > 0),
  });
}

/** Whether the server says, over a connection of its own, that it is at work for another one of the same user. */
async function isServed(login: ClientConfig, pid: number | null, hasMoreToSend: boolean): Promise<boolean> {
  const probe = new Client(login);
  probe.on('error', () => {});
  try {
    await probe.connect();
    const { rows } = await probe.query<{ state: string; wait: string | null }>(
      'SELECT state, wait_event AS wait FROM pg_stat_activity WHERE pid = $1',
      [pid],
    );
    const [own] = rows;
    if (own?.state !== 'active') return false;
    // It waits until its client takes what it has, or for what its client has been trying to send.
    return own.wait !== 'ClientWrite' && !(own.wait === 'ClientRead' && hasMoreToSend);
  } catch (error) {
    // One that answers and refuses is there, and no more is known.
    return !['SERVER_UNREACHABLE', 'CONNECTION_LOST'].includes(classifyDriverError(error, 'warehouse').code);
  } finally {
    warehouseSocket(probe).destroy();
  }
}
