import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi, type MockInstance, type TestContext } from 'vitest';
import { containerEngine } from './containers/container-engine.ts';
import { ensureImage } from './containers/ensure-image.ts';
import {
  createMysqlDatabase,
  createPostgresDatabase,
  startMysql,
  startMysqlIfAny,
  startPostgres,
  type Rung,
} from './index.ts';
import { RungUnavailable } from './ladder/rung-unavailable.ts';
import { findMysqld } from './mysql/find-mysqld.ts';

let said: MockInstance<typeof process.stderr.write>;

beforeEach(() => {
  said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Forces a rung, and skips the test, saying why, on a machine that does not have it. */
async function force(rung: Rung, context: TestContext, probe: () => Promise<unknown>): Promise<void> {
  vi.stubEnv('TIDEMARK_SERVERS', rung);
  try {
    await probe();
  } catch (error) {
    if (!(error instanceof RungUnavailable)) throw error;
    context.skip(error.message);
  }
}

/** The IPv4 addresses on which a port is open, as the kernel writes them, and `IPv6` for any of IPv6. */
async function listenersOn(port: number): Promise<string[]> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const [ipv4, ipv6] = await Promise.all([readFile('/proc/net/tcp', 'utf8'), readFile('/proc/net/tcp6', 'utf8')]);
  const found = ipv4.matchAll(new RegExp(`: (?<address>[0-9A-F]{8}):${hexPort} 0{8}:0000 0A`, 'g'));
  const further = new RegExp(`:${hexPort} 0{32}:0000 0A`).test(ipv6) ? ['IPv6'] : [];
  return [...Array.from(found, ({ groups }) => groups?.['address'] ?? ''), ...further];
}

/** An IPv4 address as the kernel writes it. */
function hexOf(host: string): string {
  return Buffer.from(host.split('.').map(Number).toReversed()).toString('hex').toUpperCase();
}

/** What the drivers say depends on when they notice. */
const LOST_CONNECTION = /closed|terminat|ECONNRE(?:SET|FUSED)/i;

async function probeImage(image: string): Promise<void> {
  await ensureImage((await containerEngine()).client, image);
}

const PROBES = [
  ['container', () => probeImage('mariadb:10.11')],
  ['local', () => findMysqld(undefined)],
] as const;

describe.each(PROBES)('MySQL or MariaDB by the rung %s', (rung, probe) => {
  test('has the settings asked for', async (context) => {
    await force(rung, context, probe);
    await using server = await startMysql({
      timezone: 'America/Chicago',
      sqlMode: '',
      characterSet: 'latin1',
      localInfile: false,
      settings: { 'max-allowed-packet': 2_097_152 },
      extraArgs: ['--wait-timeout=123'],
    });
    expect(server.rung).toBe(rung);
    await using database = await createMysqlDatabase(server);
    const [settings] = await database.query(`
      SELECT @@sql_mode AS mode, @@character_set_database AS charset, @@local_infile AS local_files,
        @@max_allowed_packet AS packet, @@global.wait_timeout AS timeout, @@global.time_zone AS zone,
        TIMESTAMPDIFF(HOUR, '2024-07-01 12:00:00', FROM_UNIXTIME(1719835200)) AS summer,
        TIMESTAMPDIFF(HOUR, '2024-01-01 12:00:00', FROM_UNIXTIME(1704110400)) AS winter
    `);
    expect(settings).toEqual({
      mode: '',
      charset: 'latin1',
      local_files: '0',
      packet: '2097152',
      timeout: '123',
      zone: 'SYSTEM',
      summer: '-5',
      winter: '-6',
    });
  });

  test('keeps port and committed rows over kill and restart', async (context) => {
    await force(rung, context, probe);
    await using server = await startMysql();
    await using database = await createMysqlDatabase(server);
    await database.exec(
      'CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1); BEGIN; INSERT INTO t VALUES (2)',
    );
    await server.kill();
    await expect(database.query('SELECT id FROM t')).rejects.toThrow(LOST_CONNECTION);
    await server.restart();
    expect(await database.query('SELECT id FROM t')).toEqual([{ id: 1 }]);
  });

  test('shows the log of a server that does not start', async (context) => {
    await force(rung, context, probe);
    await expect(startMysql({ settings: { 'no-such-setting': 1 } })).rejects.toThrow(/unknown variable/);
  });

  test.runIf(process.platform === 'linux')('listens on this machine only', async (context) => {
    await force(rung, context, probe);
    await using server = await startMysql();
    // The bridge of the engine, where this program runs in a container itself.
    expect(server.host).toMatch(rung === 'container' ? /^(?:127\.0\.0\.1|172\.\d+\.0\.1)$/ : /^127\.0\.0\.1$/);
    expect(await listenersOn(server.port)).toEqual([hexOf(server.host)]);
  });
});

describe.each([
  ['container', () => probeImage('postgres:17')],
  ['local', async () => {}],
] as const)('PostgreSQL by the rung %s', (rung, probe) => {
  test('has the settings asked for', async (context) => {
    await force(rung, context, probe);
    await using server = await startPostgres({ timezone: 'Asia/Kolkata', settings: { work_mem: '7MB' } });
    expect(server.rung).toBe(rung);
    await using database = await createPostgresDatabase(server);
    expect(
      await database.query(`
        SELECT current_setting('timezone') AS zone, current_setting('work_mem') AS memory,
          current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync
      `),
    ).toEqual([{ zone: 'Asia/Kolkata', memory: '7MB', encoding: 'UTF8', fsync: 'off' }]);
  });

  test('keeps port and committed rows over kill and restart', async (context) => {
    await force(rung, context, probe);
    await using server = await startPostgres();
    await using database = await createPostgresDatabase(server);
    await database.exec('CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)');
    await database.exec('BEGIN; INSERT INTO t VALUES (2)');
    await server.kill();
    await expect(database.query('SELECT id FROM t')).rejects.toThrow(LOST_CONNECTION);
    await server.restart();
    expect(await database.query('SELECT id FROM t')).toEqual([{ id: 1 }]);
  });

  test('shows the log of a server that does not start', async (context) => {
    await force(rung, context, probe);
    await expect(startPostgres({ settings: { no_such_setting: 1 } })).rejects.toThrow(
      /unrecognized configuration parameter/,
    );
  });

  test.runIf(process.platform === 'linux')('listens on this machine only', async (context) => {
    await force(rung, context, probe);
    await using server = await startPostgres();
    expect(await listenersOn(server.port)).toEqual([hexOf(server.host)]);
  });
});

test.for([
  ['container', () => probeImage('postgres:17')],
  ['local', async () => {}],
] as const)('a PostgreSQL killed by the rung %s finishes nothing', async ([rung, probe], context) => {
  await force(rung, context, probe);
  await using server = await startPostgres();
  await using database = await createPostgresDatabase(server);
  await database.exec('CREATE TABLE t (id bigint)');
  const busy = database
    .exec('INSERT INTO t SELECT count(*) FROM generate_series(1, 20000000)')
    .catch((error: unknown) => error);
  await using observer = await createPostgresDatabase(server);
  await expect
    .poll(() => observer.query("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'INSERT%' AND state = 'active'"))
    .toHaveLength(1);
  await server.kill();
  expect(await busy).toBeInstanceOf(Error);
  await server.restart();
  expect(await database.query('SELECT * FROM t')).toEqual([]);
});

test('a version that only an image has is not there without it, and one line says so', async () => {
  vi.stubEnv('TIDEMARK_SERVERS', undefined);
  const options = { name: 'old MySQL', flavor: 'mysql', image: 'tidemark.invalid/mysql:5.6', imageOnly: true } as const;
  expect(await startMysqlIfAny(options)).toBeNull();
  expect(said.mock.calls.flat().join('')).toMatch(
    /No server for old MySQL\. Its tests are skipped: .*; (?:no container engine|image tidemark\.invalid\/mysql:5\.6 is not here)[^;]*\.\n$/,
  );
});

test('a server of a URL is used and left alone', async () => {
  await using own = await startPostgres();
  vi.stubEnv('TIDEMARK_TEST_EXTRA_URL', `postgres://${own.user}:${own.password}@${own.host}:${own.port}/`);
  const named = await startPostgres({ urlVariable: 'TIDEMARK_TEST_EXTRA_URL' });
  expect(named).toMatchObject({ rung: 'url', host: own.host, port: own.port, password: own.password });
  await expect(named.kill()).rejects.toThrow('was not started here');
  await named.stop();
  await using database = await createPostgresDatabase(own);
  expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});
