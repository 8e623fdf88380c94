import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';

import { createMysqlDatabase, tcpProxy, testServers, type TestDatabase } from '@tidemark/testkit';
import { TidemarkError } from '@tidemark/errors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { socketOf } from './break-connection.ts';
import { openMysqlSession, adoptConnection, type MysqlSession } from './open-session.ts';
import { otherServers } from '../test/other-servers.ts';
import type { MysqlEndpoint } from './types.ts';

const SECRET = 'gr8-secret';

let database: TestDatabase;
let endpoint: MysqlEndpoint;
beforeAll(async () => {
  database = await createMysqlDatabase(testServers().source, 'mysql');
  endpoint = database.endpoint;
});
afterAll(() => database[Symbol.asyncDispose]());

async function failureOf(changes: Partial<MysqlEndpoint>): Promise<TidemarkError> {
  try {
    const session = await openMysqlSession({ ...endpoint, ...changes }, { where: 'source', connectTimeoutMs: 500 });
    await session.close();
  } catch (error) {
    if (error instanceof TidemarkError) return error;
    throw error;
  }
  throw new Error('The session was opened.');
}

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server listens on a port
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('a session that cannot be opened says why', () => {
  test('wrong password', async () => {
    expect(await failureOf({ password: SECRET })).toMatchObject({ code: 'ACCESS_DENIED' });
  });

  test('unknown user', async () => {
    expect(await failureOf({ user: 'nobody_here', password: SECRET })).toMatchObject({ code: 'ACCESS_DENIED' });
  });

  test('nothing listens', async () => {
    expect(await failureOf({ port: await unusedPort(), password: SECRET })).toMatchObject({
      code: 'SERVER_UNREACHABLE',
      isTransient: true,
    });
  });

  test('a server that accepts and stays silent', async () => {
    await using proxy = await tcpProxy(endpoint);
    proxy.stall();
    const { host, port } = proxy;
    expect(await failureOf({ host, port, password: SECRET })).toMatchObject({ code: 'SERVER_UNREACHABLE' });
  });

  test('unknown host', async () => {
    expect(await failureOf({ host: 'no-such-host.invalid', password: SECRET })).toMatchObject({
      code: 'SERVER_UNREACHABLE',
    });
  });

  test('missing database', async () => {
    expect(await failureOf({ database: 'no_such_database' })).toMatchObject({ code: 'DATABASE_MISSING' });
  });

  test('a database that the user may not see', async () => {
    const user = `u_${database.endpoint.database.slice(-12)}`;
    await database.exec(`CREATE USER '${user}'@'%' IDENTIFIED BY '${SECRET}'`);
    try {
      expect(await failureOf({ user, password: SECRET, database: 'mysql' })).toMatchObject({ code: 'RIGHT_MISSING' });
    } finally {
      await database.exec(`DROP USER '${user}'@'%'`);
    }
  });

  test('encryption that the server does not offer', async ({ skip }) => {
    const [offer] = await database.query<{ Value: string }>("SHOW VARIABLES LIKE 'have_ssl'");
    if (offer?.Value !== 'DISABLED') return skip('the server offers it');
    expect(await failureOf({ ssl: { mode: 'required' } })).toMatchObject({
      driverCode: expect.stringContaining('HANDSHAKE_NO_SSL_SUPPORT'),
    });
    return undefined;
  });

  test('a certificate authority that is no file', async () => {
    expect(await failureOf({ ssl: { mode: 'verify-ca', ca: '/no/such/file.pem' } })).toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });

  test.each(['password', 'user', 'host', 'database'])('and never tells the %s', async (setting) => {
    const failure = await failureOf({ [setting]: `${SECRET}.invalid` });
    const everything = [failure.message, failure.hint, failure.driverCode, JSON.stringify(failure), failure.stack];
    expect(everything.join('\n')).not.toContain(SECRET);
    expect(failure.cause).toBeUndefined();
  });
});

describe('an open session', () => {
  let session: MysqlSession;
  beforeAll(async () => {
    session = await openMysqlSession(endpoint, { where: 'source' });
  });
  afterAll(() => session.close());

  test('knows its server', () => {
    expect(session.facts).toMatchObject({ globalSqlMode: '', readOnly: false, localInfile: true });
    expect(session.facts.versionNumber).toBeGreaterThan(50_600);
    expect(session.facts.maxAllowedPacket).toBeGreaterThan(1_000_000);
  });

  test('gives every value as text', async () => {
    const [row] = await session.query(
      `SELECT 18446744073709551615 AS big, 12345678901234567890.123456789 AS exact, CAST('0000-00-00' AS DATE) AS zero,
              TIME('-838:59:59') AS span, NULL AS nothing, X'FF00' AS bytes, 'ü\\0\\n' AS words, 1 = 1 AS truth`,
    );
    expect(row).toMatchObject({
      big: '18446744073709551615',
      exact: '12345678901234567890.123456789',
      zero: '0000-00-00',
      span: '-838:59:59',
      nothing: null,
      words: 'ü\0\n',
      truth: '1',
    });
  });

  test('takes parameters exactly, whatever they hold', async () => {
    const awkward = `'"\\ \0\n\r\t\u001a%_; -- \u{1F9B7}`;
    const [row] = await session.query('SELECT ? AS words, ? AS big, ? AS small, ? AS nothing', [
      awkward,
      18_446_744_073_709_551_615n,
      -9_223_372_036_854_775_808n,
      null,
    ]);
    expect(row).toEqual({
      words: awkward,
      big: '18446744073709551615',
      small: '-9223372036854775808',
      nothing: null,
    });
  });

  test('counts changed rows', async () => {
    await session.execute('CREATE TEMPORARY TABLE counted (id INT)');
    expect(await session.execute('INSERT INTO counted VALUES (1), (2), (3)')).toBe(3);
    expect(await session.execute('DELETE FROM counted WHERE id > ?', [1])).toBe(2);
  });

  test('does not tell the statement or a value in an error', async () => {
    await session.execute('CREATE TEMPORARY TABLE keyed (name VARCHAR(50) PRIMARY KEY)');
    await session.execute('INSERT INTO keyed VALUES (?)', [SECRET]);
    const failure = await session.execute('INSERT INTO keyed VALUES (?)', [SECRET]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'DUPLICATE_KEY' });
    expect(JSON.stringify(failure) + String(failure)).not.toContain(SECRET);
  });

  test('that was killed while idle says so at the next statement, and closes', async () => {
    const victim = await openMysqlSession(endpoint, { where: 'source' });
    const [row] = await victim.query('SELECT CONNECTION_ID() AS id');
    const closed = once(socketOf(victim.connection), 'close');
    await session.execute(`KILL ${row?.['id']}`);
    await closed;
    await expect(victim.query('SELECT 1')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await victim.close();
  });

  test('breaks off a long statement at the limit', async () => {
    const limited = await openMysqlSession(endpoint, { where: 'source', statementTimeoutSeconds: 1 });
    await expect(limited.query('SELECT SLEEP(20)')).rejects.toMatchObject({ code: 'STATEMENT_TIMEOUT' });
    await limited.close();
  });

  test('closes twice, and at once when it is busy', async () => {
    const closing = await openMysqlSession(endpoint, { where: 'source' });
    const busy = closing.query('SELECT SLEEP(20)').catch((error: unknown) => error);
    const began = performance.now();
    await closing.close();
    await closing.close();
    expect(performance.now() - began).toBeLessThan(5000);
    expect(await busy).toMatchObject({ code: 'CONNECTION_LOST' });
  });

  test('over a connection of somebody else leaves closing to its owner', async () => {
    const adopted = await adoptConnection(session.connection, 'replica', session.database);
    expect(adopted.facts).toEqual(session.facts);
    await adopted.close();
    expect(await session.query('SELECT 1 AS one')).toEqual([{ one: '1' }]);
  });
});

describe('other products', () => {
  const others = otherServers();

  test('are known by their version', async () => {
    for (const { server } of others) {
      const session = await openMysqlSession({ ...server, database: 'mysql' }, { where: 'source' });
      const { flavor, versionNumber } = session.facts;
      const [row] = await session.query('SELECT VERSION() AS version');
      const [major, minor] = (row?.['version'] ?? '').split('.').map(Number);
      expect(Math.floor(versionNumber / 100)).toBe((major ?? 0) * 100 + (minor ?? 0));
      expect(flavor).toBe(row?.['version']?.includes('MariaDB') ? 'mariadb' : 'mysql');
      await session.close();
    }
  });

  test('are all reached when encryption is `preferred`, and then it is used where there is some', async ({ skip }) => {
    const encrypted = new Map<string, boolean>();
    for (const { name, server } of others) {
      const session = await openMysqlSession(
        { ...server, database: 'mysql', ssl: { mode: 'preferred' } },
        { where: 'source' },
      );
      const [row] = await session.query("SHOW STATUS LIKE 'Ssl_cipher'");
      encrypted.set(name, row?.['Value'] !== '');
      await session.close();
    }
    expect([...encrypted.keys()]).toEqual(others.map(({ name }) => name));
    // MySQL makes itself a certificate; MariaDB 10.11 and MySQL 5.6 have none.
    if (!encrypted.has('MySQL')) skip('all are reached; no MySQL here to encrypt with');
    expect(encrypted.get('MySQL')).toBe(true);
  });

  test('are encrypted when that is required, and refused when their certificate is not trusted', async ({ skip }) => {
    const mysql = others.find(({ name }) => name === 'MySQL');
    if (!mysql) return skip('no MySQL 8 or later here');
    const endpointWith = (mode: 'required' | 'verify-ca' | 'verify-full'): MysqlEndpoint => ({
      ...mysql.server,
      database: 'mysql',
      ssl: { mode },
    });
    const session = await openMysqlSession(endpointWith('required'), { where: 'source' });
    const [row] = await session.query("SHOW STATUS LIKE 'Ssl_cipher'");
    expect(row?.['Value']).not.toBe('');
    await session.close();
    for (const mode of ['verify-ca', 'verify-full'] as const) {
      await expect(openMysqlSession(endpointWith(mode), { where: 'source' })).rejects.toMatchObject({
        name: 'TidemarkError',
        driverCode: expect.stringContaining('HANDSHAKE_SSL_ERROR'),
      });
    }
    return undefined;
  });

  test('take a password of caching_sha2_password without encryption', async ({ skip }) => {
    const mysql = others.find(({ name }) => name === 'MySQL');
    if (!mysql) return skip('no MySQL 8 or later here');
    const user = 'tidemark_sha2';
    const admin = await openMysqlSession({ ...mysql.server, database: 'mysql' }, { where: 'source' });
    try {
      await admin.execute(`DROP USER IF EXISTS ${user}`);
      await admin.execute(`CREATE USER ${user} IDENTIFIED WITH caching_sha2_password BY '${SECRET}'`);
      const given = { ...mysql.server, user, database: 'information_schema' };
      const session = await openMysqlSession({ ...given, password: SECRET }, { where: 'source' });
      await session.close();
      await expect(openMysqlSession({ ...given, password: 'wrong' }, { where: 'source' })).rejects.toMatchObject({
        code: 'ACCESS_DENIED',
      });
    } finally {
      await admin.execute(`DROP USER IF EXISTS ${user}`);
      await admin.close();
    }
    return undefined;
  });
});
