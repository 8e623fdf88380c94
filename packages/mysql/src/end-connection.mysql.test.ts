import { tcpProxy, testServers } from '@tidemark/testkit';
import { expect, test, vi } from 'vitest';

import { openRoom } from '../test/room.ts';
import { endConnection } from './end-connection.ts';
import { openMysqlSession, type MysqlSession } from './open-session.ts';

const SLEEP = 'SELECT SLEEP(600) AS slept';

function howItEnds(session: MysqlSession): Promise<string> {
  return session.query(SLEEP).then(
    () => 'done',
    () => 'failed',
  );
}

test('a statement is ended on the server too, which would go on without its client', async () => {
  await using room = await openRoom(testServers().source);
  const { database, session } = room;
  const listed = `SELECT 1 FROM information_schema.processlist WHERE db = DATABASE() AND info = '${SLEEP}'`;
  const sleeping = howItEnds(session);
  await vi.waitUntil(async () => (await database.query(listed)).length > 0, { timeout: 10_000, interval: 20 });
  await endConnection(database.endpoint, 'source', session.connection);
  expect(await sleeping).toBe('failed');
  await vi.waitUntil(async () => (await database.query(listed)).length === 0, { timeout: 5_000, interval: 20 });
});

test('a server that does not answer keeps nobody waiting', async () => {
  await using room = await openRoom(testServers().source);
  const { endpoint } = room.database;
  await using proxy = await tcpProxy(endpoint);
  const { host, port } = proxy;
  const session = await openMysqlSession({ ...endpoint, host, port }, { where: 'source' });
  const asked = howItEnds(session);
  proxy.stall();
  await endConnection({ ...endpoint, host, port }, 'source', session.connection);
  expect(await asked).toBe('failed');
});
