import { buffer } from 'node:stream/consumers';

import { tcpProxy, testServers, type TcpProxy } from '@tidemark/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { createNumbers } from '../test/numbers-table.ts';
import { openRoom, type Room } from '../test/room.ts';
import { describeTables } from './describe-tables.ts';
import { openMysqlSession, type MysqlSession } from './open-session.ts';
import { streamEncodedRows } from './stream-encoded-rows.ts';

const STALL_MS = 400;
/** More than the buffers between the two sides hold. */
const ROWS = 100_000;

let room: Room;
let proxy: TcpProxy;
let session: MysqlSession;

beforeEach(async () => {
  const { source } = testServers();
  room = await openRoom(source);
  proxy = await tcpProxy(source);
  const endpoint = { ...room.database.endpoint, host: proxy.host, port: proxy.port };
  session = await openMysqlSession(endpoint, { where: 'source', stallTimeoutMs: STALL_MS, connectTimeoutMs: STALL_MS });
});

afterEach(async () => {
  await session.close();
  await proxy.stop();
  await room[Symbol.asyncDispose]();
});

it('gives up a statement that the network swallowed', async () => {
  proxy.stall();
  await expect(session.query('SELECT 1')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
});

it('gives up a result in the middle', async () => {
  await createNumbers(room.database, ROWS, 500);
  const [table] = await describeTables(session, ['numbers']);
  if (!table) throw new Error('the table is not there');
  const rows = streamEncodedRows(session, { sql: 'SELECT * FROM numbers' }, { columns: table.columns, target: 'copy' });
  const read = (async () => {
    for await (const piece of rows.stream as AsyncIterable<Buffer>) if (piece.length > 0) proxy.stall();
  })();
  await expect(read).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  expect(rows.encoder.rows).toBeGreaterThan(0);
  expect(rows.encoder.rows).toBeLessThan(ROWS);
});

it('waits for a statement that the server is at, however long it says nothing', async () => {
  expect(await session.query('SELECT SLEEP(2) AS slept')).toEqual([{ slept: '0' }]);
});

it('waits for a reader that is slower than the server', async () => {
  await createNumbers(room.database, ROWS, 500);
  const [table] = await describeTables(session, ['numbers']);
  if (!table) throw new Error('the table is not there');
  const rows = streamEncodedRows(session, { sql: 'SELECT * FROM numbers' }, { columns: table.columns, target: 'copy' });
  await new Promise((resolve) => setTimeout(resolve, 4 * STALL_MS));
  await buffer(rows.stream);
  expect(rows.encoder.rows).toBe(ROWS);
});

it('leaves a session alone that is not asked anything', async () => {
  await new Promise((resolve) => setTimeout(resolve, 4 * STALL_MS));
  expect(await session.query('SELECT 1 AS one')).toEqual([{ one: '1' }]);
});

it('gives up a session that the server does not know any more', async () => {
  proxy.stall();
  const [row] = await room.session.query('SELECT MAX(ID) AS id FROM information_schema.PROCESSLIST WHERE DB = ?', [
    room.database.endpoint.database,
  ]);
  expect(Number(row?.['id'])).toBe(session.connection.threadId);
  await room.session.execute(`KILL ${session.connection.threadId}`);
  await expect(session.query('SELECT 1')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
});

it('waits for the locks of others for a minute, and keeps to a shorter time-out of the user', async () => {
  expect(await session.query('SELECT @@lock_wait_timeout AS seconds')).toEqual([{ seconds: '60' }]);
  const [{ is_mariadb: isMariadb } = {}] = await session.query(`SELECT VERSION() LIKE '%MariaDB%' AS is_mariadb`);
  if (isMariadb !== '1') return;
  const { endpoint } = room.database;
  const user = `${endpoint.database}_u`.slice(-32);
  await room.session.execute(`CREATE USER '${user}'@'%' IDENTIFIED BY 'hurried' WITH MAX_STATEMENT_TIME 0.5`);
  try {
    await room.session.execute(`GRANT SELECT ON \`${endpoint.database}\`.* TO '${user}'@'%'`);
    const limit = async (statementTimeoutSeconds: number): Promise<string | null | undefined> => {
      const login = { ...endpoint, user, password: 'hurried' };
      const limited = await openMysqlSession(login, { where: 'source', statementTimeoutSeconds });
      const [row] = await limited.query('SELECT @@max_statement_time AS seconds');
      await limited.close();
      return row?.['seconds'];
    };
    expect([await limit(0), await limit(600), await limit(0.2)].map(Number)).toEqual([0.5, 0.5, 0.2]);
  } finally {
    await room.session.execute(`DROP USER '${user}'@'%'`);
  }
});
