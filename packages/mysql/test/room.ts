import { createMysqlDatabase, type MysqlServer, type TestDatabase } from '@tidemark/testkit';

import { openMysqlSession, type MysqlSession, type SessionOptions } from '../src/open-session.ts';

/** A fresh database on a server and a session of ours in it. */
export interface Room extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly session: MysqlSession;
}

export async function openRoom(server: MysqlServer, options: Partial<SessionOptions> = {}): Promise<Room> {
  const database = await createMysqlDatabase(server, 'mysql');
  try {
    const session = await openMysqlSession(database.endpoint, { where: 'source', ...options });
    return {
      database,
      session,
      [Symbol.asyncDispose]: async () => {
        await session.close();
        await database[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}
