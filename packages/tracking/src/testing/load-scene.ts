import { createPostgresDatabase, type PostgresServer } from '@tidemark/testkit';

import { openLoadTracking, type LoadSession } from '../index.ts';
import type { UnmigratedWarehouse } from './warehouse-takeover.ts';
import type { Scene, Session } from './scene.ts';

export async function unmigratedWarehouse(server: PostgresServer): Promise<UnmigratedWarehouse> {
  const database = await createPostgresDatabase(server);
  const tracking = await openLoadTracking(database.endpoint);
  const other = await openLoadTracking(database.endpoint);
  return {
    database,
    tracking,
    other,
    prefix: 'raw.',
    [Symbol.asyncDispose]: async () => {
      await tracking.close();
      await other.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

export async function loadScene(server: PostgresServer): Promise<Scene> {
  const scene = await unmigratedWarehouse(server);
  const { database, tracking } = scene;
  await tracking.migrate();
  await database.exec('CREATE TABLE rows_of_test (id int PRIMARY KEY)');
  return {
    ...scene,
    statusTable: 'raw.etl_load_status',
    historyTable: 'raw.etl_run_history',
    lastColumn: 'last_loaded',
    insert: async (session, id) => {
      await clientOf(session).query('INSERT INTO rows_of_test (id) VALUES ($1)', [id]);
    },
    rows: async () =>
      (await database.query<{ id: number }>('SELECT id FROM rows_of_test ORDER BY id')).map((row) => row.id),
    kill: async (session) => {
      const [own] = (await clientOf(session).query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows;
      await database.query('SELECT pg_terminate_backend($1, 5000)', [own?.pid]);
    },
  };
}

export function clientOf(session: Session): LoadSession['client'] {
  if ('client' in session) return session.client;
  throw new Error('a session of the load hop has a client');
}
