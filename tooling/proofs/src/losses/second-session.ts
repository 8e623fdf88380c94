import { setTimeout as sleep } from 'node:timers/promises';

import type { TestDatabase } from '@tidemark/testkit';
import { createConnection, type Connection } from 'mysql2/promise';
import { vi } from 'vitest';

/** A workstation of the practice: a connection of its own to the source. */
export async function secondSession(database: TestDatabase): Promise<Connection & AsyncDisposable> {
  const connection = await createConnection({ ...database.endpoint, multipleStatements: true, dateStrings: true });
  return Object.assign(connection, {
    [Symbol.asyncDispose]: async () => {
      connection.destroy();
    },
  });
}

/** Resolves when the server lists a session of the database in this state. */
export async function untilState(database: TestDatabase, state: string): Promise<void> {
  const listed = `SELECT COUNT(*) AS n FROM information_schema.processlist WHERE db = DATABASE() AND state LIKE ?`;
  await vi.waitUntil(async () => Number((await database.query<{ n: number }>(listed, [state]))[0]?.n) > 0, {
    timeout: 10_000,
    interval: 20,
  });
}

/** Resolves when the server's clock has come to another second. */
export async function untilNextSecond(database: TestDatabase): Promise<void> {
  const now = async (): Promise<unknown> => (await database.query('SELECT UNIX_TIMESTAMP() AS now'))[0]?.['now'];
  const before = await now();
  await vi.waitUntil(async () => (await now()) !== before, { timeout: 10_000, interval: 20 });
  // Times of files and of MyISAM tables come from a clock that follows some milliseconds behind.
  await sleep(50);
}
