import { Readable } from 'node:stream';

import { createMysqlDatabase, type MysqlServer } from '@tidemark/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ownServers } from '../test/other-servers.ts';
import { openRoom, type Room } from '../test/room.ts';
import { loadEncoded } from '../test/write-encoded.ts';
import { describeTables } from './describe-tables.ts';

/** What a server may be set to, and our sessions must not follow. */
const HOSTILE_MODES =
  'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH,PIPES_AS_CONCAT,REAL_AS_FLOAT,HIGH_NOT_PRECEDENCE,STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO';

interface Settings {
  readonly mode: string;
  readonly zone: string;
  readonly commits: 0 | 1;
  readonly most: string;
}

const HOSTILE: Settings = { mode: HOSTILE_MODES, zone: '+05:45', commits: 0, most: '2' };

/** Nobody else may be on these servers: their settings are changed. */
const own = ownServers().map(({ server }) => server);

async function setGlobals(server: MysqlServer, settings: Settings): Promise<void> {
  await using database = await createMysqlDatabase(server);
  await database.query('SET GLOBAL sql_mode = ?, GLOBAL time_zone = ?', [settings.mode, settings.zone]);
  await database.exec(`SET GLOBAL autocommit = ${settings.commits}, GLOBAL sql_select_limit = ${settings.most}`);
}

/** What the servers were started with; the rest is as every server has it. */
async function readGlobals(server: MysqlServer): Promise<Settings> {
  await using database = await createMysqlDatabase(server);
  const [found] = await database.query<{ mode: string; zone: string }>(
    'SELECT @@global.sql_mode AS mode, @@global.time_zone AS zone',
  );
  if (!found) throw new Error('The server tells no settings.');
  return { ...found, commits: 1, most: '18446744073709551615' };
}

const before = new Map<MysqlServer, Settings>();
beforeAll(async () => {
  for (const server of own) {
    before.set(server, await readGlobals(server));
    await setGlobals(server, HOSTILE);
  }
});
afterAll(async () => {
  for (const [server, settings] of before) await setGlobals(server, settings);
});

/** The tables are made by our session too: with the server's settings half of this could not be written down. */
async function onEach(work: (room: Room) => Promise<void>): Promise<void> {
  for (const server of own) {
    await using room = await openRoom(server);
    await work(room);
  }
}

describe('on a server that is set against us', () => {
  test('the settings really are: a session without ours follows them', async () => {
    await onEach(async ({ database }) => {
      const [row] = await database.query<{ mode: string; zone: string; commits: unknown; most: unknown }>(
        'SELECT @@sql_mode AS mode, @@time_zone AS zone, @@autocommit AS commits, @@sql_select_limit AS most',
      );
      expect([row?.zone, String(row?.commits), String(row?.most)]).toEqual(['+05:45', '0', '2']);
      expect(row?.mode).toContain('ANSI_QUOTES');
      expect(row?.mode).toContain('PAD_CHAR_TO_FULL_LENGTH');
    });
  });

  test('texts with quotes and backslashes arrive as they are', async () => {
    await onEach(async ({ session }) => {
      const awkward = `it's "so" \\ \n || ? \\' OR 1=1 -- `;
      const [row] = await session.query('SELECT ? AS words, "plain" AS quoted', [awkward]);
      expect(row).toEqual({ words: awkward, quoted: 'plain' });
    });
  });

  test('CHAR is not padded', async () => {
    await onEach(async ({ session }) => {
      await session.execute('CREATE TABLE t (a CHAR(10))');
      await session.execute("INSERT INTO t VALUES ('abc')");
      expect(await session.query('SELECT a, LENGTH(a) AS n FROM t')).toEqual([{ a: 'abc', n: '3' }]);
    });
  });

  test('TIMESTAMP travels in UTC, DATETIME as it stands', async () => {
    await onEach(async ({ database, session }) => {
      await session.execute('CREATE TABLE t (a TIMESTAMP NULL, b DATETIME) ENGINE=MyISAM');
      await database.exec("INSERT INTO t VALUES ('2024-07-01 12:00:00', '2024-07-01 12:00:00')");
      expect(await session.query('SELECT a, b FROM t')).toEqual([
        { a: '2024-07-01 06:15:00', b: '2024-07-01 12:00:00' },
      ]);
    });
  });

  test('zero dates and days that a month does not have can be written', async () => {
    await onEach(async ({ session }) => {
      await session.execute('CREATE TABLE t (a DATE, b DATETIME, c TIMESTAMP NULL)');
      await session.execute(
        "INSERT INTO t VALUES ('0000-00-00', '2024-00-15 00:00:00', '0000-00-00 00:00:00'), ('2023-02-31', '0000-00-00', NULL)",
      );
      expect(await session.query('SELECT a, b FROM t')).toEqual([
        { a: '0000-00-00', b: '2024-00-15 00:00:00' },
        { a: '2023-02-31', b: '0000-00-00 00:00:00' },
      ]);
    });
  });

  test('a key of 0 stays 0', async () => {
    await onEach(async ({ session }) => {
      await session.execute('CREATE TABLE t (id BIGINT AUTO_INCREMENT PRIMARY KEY)');
      await session.execute('INSERT INTO t VALUES (0)');
      expect(await session.query('SELECT id FROM t')).toEqual([{ id: '0' }]);
    });
  });

  test('results have all their rows', async () => {
    await onEach(async ({ session }) => {
      await session.execute('CREATE TABLE t (id INT)');
      await session.execute('INSERT INTO t VALUES (1), (2), (3), (4)');
      expect(await session.query('SELECT id FROM t')).toHaveLength(4);
    });
  });

  test('a later statement sees what was committed in between', async () => {
    await onEach(async ({ database, session }) => {
      await session.execute('CREATE TABLE t (id INT PRIMARY KEY) ENGINE=InnoDB');
      expect(await session.query('SELECT id FROM t')).toEqual([]);
      await database.exec('INSERT INTO t VALUES (1); COMMIT');
      expect(await session.query('SELECT id FROM t')).toEqual([{ id: '1' }]);
    });
  });

  test('text of four bytes a character comes and goes', async () => {
    await onEach(async ({ session }) => {
      await session.execute('CREATE TABLE t (a VARCHAR(9) CHARACTER SET utf8mb4, b VARCHAR(9) CHARACTER SET latin1)');
      await session.execute('INSERT INTO t VALUES (?, ?)', ['\u{1F9B7}', 'é']);
      expect(await session.query('SELECT a, b, HEX(a) AS bytes FROM t')).toEqual([
        { a: '\u{1F9B7}', b: 'é', bytes: 'F09FA6B7' },
      ]);
    });
  });
});

describe('a value that does not fit is refused, not cut', () => {
  const CASES = [
    ['a VARCHAR(3) NOT NULL', 'tooth'],
    ['a TINYINT NOT NULL', '300'],
    ['a INT UNSIGNED NOT NULL', '-1'],
    ['a INT NOT NULL', 'x'],
    ["a ENUM('a','b') NOT NULL", 'c'],
    ['a DECIMAL(4,2) NOT NULL', '123.45'],
    ['a DATE NOT NULL', '2024-13-01'],
    ['a VARCHAR(9) CHARACTER SET latin1 NOT NULL', '\u{1F9B7}'],
  ] as const;

  test.each(CASES)('by INSERT: %s and %s', async (definition, value) => {
    await onEach(async ({ session }) => {
      await session.execute(`CREATE TABLE t (${definition})`);
      await expect(session.execute('INSERT INTO t VALUES (?)', [value])).rejects.toThrow();
      expect(await session.query('SELECT a FROM t')).toEqual([]);
    });
  });

  test('also in a later row, of a table without transactions', async () => {
    await onEach(async ({ session }) => {
      await session.execute('CREATE TABLE t (a VARCHAR(3)) ENGINE=MyISAM');
      await expect(session.execute("INSERT INTO t VALUES ('abc'), ('abcd')")).rejects.toThrow();
      expect(await session.query('SELECT a FROM t')).toEqual([{ a: 'abc' }]);
    });
  });

  test.each(CASES)('by LOAD DATA LOCAL with REPLACE: %s and %s', async (definition, value) => {
    await onEach(async ({ session }) => {
      for (const engine of ['InnoDB', 'MyISAM']) {
        await session.execute('DROP TABLE IF EXISTS t');
        await session.execute(`CREATE TABLE t (id INT PRIMARY KEY, ${definition}) ENGINE=${engine}`);
        const [table] = await describeTables(session, ['t']);
        const rows = Readable.from([Buffer.from(`1\t${value}\n`)]);
        await expect(loadEncoded(session, 't', table?.columns ?? [], rows)).rejects.toThrow();
        expect(await session.query('SELECT a FROM t')).toEqual([]);
      }
    });
  });
});
