import { createMysqlDatabase, testServers, type TestDatabase } from '@tidemark/testkit';
import { createConnection } from 'mysql2/promise';
import { expect, test } from 'vitest';

import { openMysqlSession } from './open-session.ts';
import { createSourceThrottle, type ThrottleWatch } from './source-throttle.ts';

/** Other test files use the same server: only what is far above them counts. */
const LIMIT = 40;
const BUSY = 50;

/** Sessions that do nothing for so long, and count as running threads. */
async function busyFor({ endpoint }: TestDatabase, seconds: number): Promise<AsyncDisposable> {
  const opened = await Promise.all(Array.from({ length: BUSY }, () => createConnection({ ...endpoint })));
  const over = Promise.allSettled(opened.map((each) => each.query('DO SLEEP(?)', [seconds])));
  return {
    [Symbol.asyncDispose]: async () => {
      for (const each of opened) each.destroy();
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
  await using _busy = await busyFor(database, 2.5);
  const watch = watched();
  const began = performance.now();
  await createSourceThrottle({ rowsPerSecond: null, threadsRunning: LIMIT }).ready(session, watch);
  expect(performance.now() - began).toBeGreaterThan(1_500);
  expect(watch.told).toEqual(['pause', 'resume']);
  await session.close();
});

test('a server that stays busy is read from all the same, now and then', async () => {
  await using database = await createMysqlDatabase(testServers().source);
  const session = await openMysqlSession(database.endpoint, { where: 'source' });
  await using _busy = await busyFor(database, 30);
  const throttle = createSourceThrottle({ rowsPerSecond: null, threadsRunning: LIMIT }, 1_500);
  const began = performance.now();
  await throttle.ready(session);
  expect(performance.now() - began).toBeLessThan(15_000);
  await session.close();
});

test('the wish to stop ends a pause, and the wait for the rate', async () => {
  await using database = await createMysqlDatabase(testServers().source);
  const session = await openMysqlSession(database.endpoint, { where: 'source' });
  await using _busy = await busyFor(database, 30);
  const began = performance.now();
  const signal = AbortSignal.timeout(500);
  await createSourceThrottle({ rowsPerSecond: null, threadsRunning: LIMIT }).ready(session, { signal });
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
