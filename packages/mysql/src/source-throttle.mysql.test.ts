import { createMysqlDatabase, testServers, type TestDatabase } from '@tidemark/testkit';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';

import { openMysqlSession } from './open-session.ts';
import { createSourceThrottle, type ThrottleWatch } from './source-throttle.ts';

/** Other test files use the same server: only what is far above them counts. */
const LIMIT = 40;
const BUSY = 50;

/** Sessions that do nothing, and count as running threads, until this is disposed of. All of them have begun. */
async function keepBusy({ endpoint }: TestDatabase): Promise<AsyncDisposable> {
  const opened = await Promise.all(Array.from({ length: BUSY }, () => createConnection({ ...endpoint })));
  // A connection that is killed says so twice: to its statement, and as an event that would end the process.
  for (const each of opened) each.on('error', () => {});
  const over = Promise.allSettled(opened.map((each) => each.query('DO SLEEP(60)')));
  const onlooker = await createConnection({ ...endpoint });
  await vi.waitFor(async () => {
    const [rows] = await onlooker.query<RowDataPacket[]>(
      `SELECT COUNT(*) AS asleep FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND STATE LIKE 'User sleep'`,
    );
    expect(Number(rows[0]?.['asleep'])).toBe(BUSY);
  }, 30_000);
  return {
    [Symbol.asyncDispose]: async () => {
      // The server sees a connection that is gone only when the sleep is over.
      await Promise.all(opened.map(({ threadId }) => onlooker.query('KILL ?', [threadId])));
      await onlooker.end();
      await over;
    },
  };
}

function watched(): Required<Pick<ThrottleWatch, 'onPause' | 'onResume'>> & { readonly told: string[] } {
  const told: string[] = [];
  return { told, onPause: () => told.push('pause'), onResume: () => told.push('resume') };
}

test('nothing is read while the server runs more threads than allowed, and it is told once', async () => {
  await using database = await createMysqlDatabase(testServers().source);
  const session = await openMysqlSession(database.endpoint, { where: 'source' });
  const watch = watched();
  let isReady = false;
  const busy = await keepBusy(database);
  const ready = createSourceThrottle({ rowsPerSecond: null, threadsRunning: LIMIT })
    .ready(session, watch)
    .then(() => (isReady = true));
  await sleep(2_500);
  expect(isReady).toBe(false);
  await busy[Symbol.asyncDispose]();
  await ready;
  expect(watch.told).toEqual(['pause', 'resume']);
  await session.close();
});

test('a server that stays busy is read from all the same, now and then', async () => {
  await using database = await createMysqlDatabase(testServers().source);
  const session = await openMysqlSession(database.endpoint, { where: 'source' });
  await using _busy = await keepBusy(database);
  const throttle = createSourceThrottle({ rowsPerSecond: null, threadsRunning: LIMIT }, 1_500);
  const watch = watched();
  const began = performance.now();
  await throttle.ready(session, watch);
  expect(watch.told).toEqual(['pause', 'resume']);
  expect(performance.now() - began).toBeLessThan(15_000);
  await session.close();
});

test('the wish to stop ends a pause, and the wait for the rate', async () => {
  await using database = await createMysqlDatabase(testServers().source);
  const session = await openMysqlSession(database.endpoint, { where: 'source' });
  await using _busy = await keepBusy(database);
  const began = performance.now();
  const watch = watched();
  const signal = AbortSignal.timeout(500);
  await createSourceThrottle({ rowsPerSecond: null, threadsRunning: LIMIT }).ready(session, { ...watch, signal });
  expect(watch.told).toEqual(['pause', 'resume']);
  const slow = createSourceThrottle({ rowsPerSecond: 100, threadsRunning: null });
  slow.took(100_000);
  await slow.ready(session, { signal: AbortSignal.timeout(500) });
  expect(performance.now() - began).toBeLessThan(15_000);
  await session.close();
});

test('without limits nothing is waited for and nothing asked', async () => {
  await using database = await createMysqlDatabase(testServers().source);
  const session = await openMysqlSession(database.endpoint, { where: 'source' });
  await session.close();
  const throttle = createSourceThrottle({ rowsPerSecond: null, threadsRunning: null });
  throttle.took(1_000_000_000);
  // The session is closed: a statement would fail.
  await throttle.ready(session);
  expect(throttle.mostRows).toBe(Number.POSITIVE_INFINITY);
});
