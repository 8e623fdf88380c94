import { createMysqlDatabase, type MysqlServer } from '@tidemark/testkit';

import { openCopyTracking, type CopySession } from '../index.ts';
import type { Unmigrated } from './migration-contract.ts';
import type { Scene, Session } from './scene.ts';

export async function unmigratedReplica(server: MysqlServer): Promise<Unmigrated> {
  const database = await createMysqlDatabase(server);
  const tracking = await openCopyTracking(database.endpoint);
  const other = await openCopyTracking(database.endpoint);
  return {
    database,
    tracking,
    other,
    prefix: '',
    [Symbol.asyncDispose]: async () => {
      await tracking.close();
      await other.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

export async function copyScene(server: MysqlServer): Promise<Scene> {
  const scene = await unmigratedReplica(server);
  const { database, tracking } = scene;
  await tracking.migrate();
  await database.exec('CREATE TABLE rows_of_test (id INT PRIMARY KEY) ENGINE=InnoDB');
  return {
    ...scene,
    statusTable: 'etl_copy_status',
    historyTable: 'etl_run_history',
    lastColumn: 'last_copied',
    insert: (session, id) => execute(session, `INSERT INTO rows_of_test (id) VALUES (${id})`),
    rows: async () =>
      (await database.query<{ id: number }>('SELECT id FROM rows_of_test ORDER BY id')).map((row) => row.id),
    kill: async (session) => {
      await database.exec(`KILL ${connectionOf(session).threadId}`);
    },
  };
}

/** Runs a statement on the connection of the rows. */
export function execute(session: Session, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connectionOf(session).query(sql, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

function connectionOf(session: Session): CopySession['connection'] {
  if ('connection' in session) return session.connection;
  throw new Error('a session of the copy hop has a connection');
}
