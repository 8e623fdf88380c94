import type { Socket } from 'node:net';

import { describeTables, openMysqlSession } from '@tidemark/mysql';
import { createMysqlDatabase, testServers } from '@tidemark/testkit';
import { expect, test } from 'vitest';

import { loadRows } from './write-rows.ts';

const ROWS_OF_A_PIECE = 200;
const PIECES = 300;

async function* pieces(): AsyncGenerator<Buffer> {
  for (let piece = 0; piece < PIECES; piece += 1) {
    const rows = Array.from({ length: ROWS_OF_A_PIECE }, (_, at) => {
      return `${piece * ROWS_OF_A_PIECE + at}\t${'n'.repeat(1_000)}\n`;
    });
    yield await Promise.resolve(Buffer.from(rows.join('')));
  }
}

test('waiting for a slow replica leaves no listeners on its socket', async () => {
  await using database = await createMysqlDatabase(testServers().replica);
  await database.exec('CREATE TABLE numbers (id BIGINT NOT NULL PRIMARY KEY, note VARCHAR(1000))');
  const replica = await openMysqlSession(database.endpoint, { where: 'replica' });
  const [table] = await describeTables(replica, ['numbers']);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- mysql2 does not type the socket of a connection
  const { stream } = replica.connection as unknown as { readonly stream: Socket };
  const listeners = (): number[] => ['drain', 'close', 'error'].map((event) => stream.listenerCount(event));
  const before = listeners();
  const target = { table: 'numbers', columns: table?.columns ?? [], sequence: null };
  let most = 0;
  const watched = (async function* () {
    for await (const piece of pieces()) {
      most = Math.max(most, ...listeners());
      yield piece;
    }
  })();
  expect(await loadRows(replica, target, watched)).toBe(PIECES * ROWS_OF_A_PIECE);
  expect(most).toBeLessThan(10);
  expect(listeners()).toEqual(before);
  await replica.close();
});
