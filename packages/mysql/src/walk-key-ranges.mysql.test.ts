import { testServers } from '@tidemark/testkit';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { otherServers } from '../test/other-servers.ts';
import { openRoom, type Room } from '../test/room.ts';
import { describeTables } from './describe-tables.ts';
import { keyColumns, rangeCondition, type KeyRange } from './key-columns.ts';
import type { TableDescription } from './types.ts';
import { walkKeyRanges, type WalkOptions } from './walk-key-ranges.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom(testServers().source);
});
afterEach(() => room[Symbol.asyncDispose]());

async function tableNamed(of: Room, name: string): Promise<TableDescription> {
  const [table] = await describeTables(of.session, [name]);
  if (!table) throw new Error('The table is missing.');
  return table;
}

/** Ids of the rows of a range, in any order. Every test table has a column `id` that names the row. */
async function idsIn(of: Room, table: TableDescription, range: KeyRange, key = table.key): Promise<string[]> {
  const where = rangeCondition(keyColumns(table, key), range);
  const rows = await of.session.query(`SELECT id FROM ${table.name} WHERE ${where.sql}`, where.params);
  return rows.map((row) => row['id'] ?? '');
}

async function walk(
  of: Room,
  table: TableDescription,
  options: Partial<WalkOptions> & { readonly rows: number },
): Promise<{ ranges: KeyRange[]; ids: string[][] }> {
  const ranges: KeyRange[] = [];
  const ids: string[][] = [];
  const { rows, ...rest } = options;
  const all = { table, key: table.key, rowsPerRange: () => rows, ...rest };
  for await (const range of walkKeyRanges(of.session, all)) {
    ranges.push(range);
    ids.push(await idsIn(of, table, range, all.key));
  }
  return { ranges, ids };
}

const byNumber = (left: string, right: string): number => Number(left) - Number(right);

interface KeyKind {
  readonly name: string;
  readonly definition: string;
  readonly key: string;
  /** SQL of the key of a row. */
  readonly values: fc.Arbitrary<readonly string[]>;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
const hex = fc.uint8Array({ maxLength: 6 }).map((bytes) => `X'${Buffer.from(bytes).toString('hex')}'`);
const words = fc.string({ unit: fc.constantFrom('a', 'B', 'b', 'é', 'ß', ' ', "'", '\\', '%', '1'), maxLength: 4 });
const days = fc.constantFrom('0000-00-00', '0001-01-01', '2024-01-01', '2024-00-15', '9999-12-31').map(quoted);
const single = (part: fc.Arbitrary<string>): fc.Arbitrary<readonly string[]> => part.map((value) => [value]);

const KINDS: readonly KeyKind[] = [
  {
    name: 'random 63-bit numbers',
    definition: 'k BIGINT NOT NULL',
    key: 'k',
    values: single(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
  },
  {
    name: 'unsigned numbers beyond 2^63',
    definition: 'k BIGINT UNSIGNED NOT NULL',
    key: 'k',
    values: single(fc.bigInt({ min: 2n ** 63n - 5n, max: 2n ** 64n - 1n }).map(String)),
  },
  {
    name: 'numbers with gaps, negative ones and zero',
    definition: 'k INT NOT NULL',
    key: 'k',
    values: single(fc.integer({ min: -3, max: 3 }).map((number) => String(number ** 7))),
  },
  {
    name: 'decimals',
    definition: 'k DECIMAL(40,10) NOT NULL',
    key: 'k',
    values: single(fc.bigInt({ min: -(10n ** 39n), max: 10n ** 39n }).map((number) => `${number} / 10000000000`)),
  },
  {
    name: 'decimals that no double tells apart',
    definition: 'k DECIMAL(40,10) NOT NULL',
    key: 'k',
    values: single(
      fc.integer({ min: 0, max: 20 }).map((number) => `1234567890123456789.${String(number).padStart(10, '0')}`),
    ),
  },
  {
    name: 'doubles',
    definition: 'k DOUBLE NOT NULL',
    key: 'k',
    values: single(fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => String(number))),
  },
  {
    name: 'floats',
    definition: 'k FLOAT NOT NULL',
    key: 'k',
    values: single(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 }).map(String)),
  },
  {
    name: 'words without case or accents',
    definition: 'k VARCHAR(20) CHARACTER SET utf8 COLLATE utf8_general_ci NOT NULL',
    key: 'k',
    values: single(words.map(quoted)),
  },
  {
    name: 'words in latin1',
    definition: 'k CHAR(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL',
    key: 'k',
    values: single(words.map(quoted)),
  },
  {
    name: 'words by their bytes',
    definition: 'k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL',
    key: 'k',
    values: single(words.map(quoted)),
  },
  { name: 'bytes', definition: 'k VARBINARY(20) NOT NULL', key: 'k', values: single(hex) },
  { name: 'bytes of one length', definition: 'k BINARY(6) NOT NULL', key: 'k', values: single(hex) },
  {
    name: 'enumerations',
    definition: "k ENUM('z','a','m','B') NOT NULL",
    key: 'k',
    values: single(fc.constantFrom('z', 'a', 'm', 'B').map(quoted)),
  },
  {
    name: 'bits',
    definition: 'k BIT(64) NOT NULL',
    key: 'k',
    values: single(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String)),
  },
  {
    name: 'years',
    definition: 'k YEAR NOT NULL',
    key: 'k',
    values: single(fc.constantFrom('0', '1901', '1999', '2155')),
  },
  { name: 'days', definition: 'k DATE NOT NULL', key: 'k', values: single(days) },
  {
    name: 'moments',
    definition: 'k TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)',
    key: 'k',
    values: single(
      fc.constantFrom('1970-01-01 00:00:01', '2024-11-03 06:30:00.5', '2024-11-03 07:30:00.5').map(quoted),
    ),
  },
  {
    name: 'spans',
    definition: 'k TIME NOT NULL',
    key: 'k',
    values: single(fc.constantFrom('-838:59:59', '-00:00:01', '00:00:00', '838:59:59').map(quoted)),
  },
  {
    name: 'number, word and day',
    definition: 'a BIGINT NOT NULL, b VARCHAR(9) NOT NULL, c DATE NOT NULL',
    key: 'a, b, c',
    values: fc.tuple(fc.constantFrom('-1', '0', '9007199254740993', '9007199254740992'), words.map(quoted), days),
  },
  {
    name: 'enumeration, bytes and decimal',
    definition: "a ENUM('y','x') NOT NULL, b VARBINARY(9) NOT NULL, c DECIMAL(5,2) NOT NULL",
    key: 'a, b, c',
    values: fc.tuple(fc.constantFrom("'x'", "'y'"), hex, fc.constantFrom('-1.5', '0', '1.25')),
  },
];

describe('every row is in exactly one range, whatever the key', () => {
  test.each(KINDS)('$name', { timeout: 120_000 }, async ({ definition, key, values }) => {
    await room.database.exec(`SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00';
      CREATE TABLE t (id INT NOT NULL AUTO_INCREMENT, ${definition}, PRIMARY KEY (${key}), KEY (id)) DEFAULT CHARACTER SET utf8`);
    const table = await tableNamed(room, 't');
    const scene = fc.record({ keys: fc.array(values, { maxLength: 12 }), rows: fc.integer({ min: 1, max: 5 }) });
    await fc.assert(
      fc.asyncProperty(scene, async ({ keys, rows }) => {
        await room.database.exec('DELETE FROM t');
        // Keys that the server holds for equal are one row.
        if (keys.length > 0) {
          const list = keys.map((parts) => `(${parts.join(', ')})`).join(', ');
          await room.database.exec(`INSERT IGNORE INTO t (${key}) VALUES ${list}`);
        }
        const all = await room.session.query('SELECT id FROM t');
        const { ids } = await walk(room, table, { rows });
        expect(ids.flat().toSorted(byNumber)).toEqual(all.map((row) => row['id'] ?? '').toSorted(byNumber));
        expect(
          ids.every((range, index) => range.length === rows || (index === ids.length - 1 && range.length < rows)),
        ).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a walk', () => {
  beforeEach(() => room.database.exec('CREATE TABLE t (id BIGINT PRIMARY KEY)'));

  async function fill(ids: readonly number[]): Promise<TableDescription> {
    if (ids.length > 0) await room.database.exec(`INSERT INTO t VALUES ${ids.map((id) => `(${id})`).join(', ')}`);
    return tableNamed(room, 't');
  }

  test('of an empty table is one open range', async () => {
    expect((await walk(room, await fill([]), { rows: 10 })).ranges).toEqual([{ after: null, upTo: null }]);
  });

  test('of a small table asks for one boundary only', async () => {
    const table = await fill([1, 2, 3]);
    expect((await walk(room, table, { rows: 10 })).ranges).toEqual([{ after: null, upTo: null }]);
  });

  test('does not believe an estimate that is far too low', async () => {
    const table = await fill(Array.from({ length: 50 }, (_, index) => index));
    const { ids } = await walk(room, { ...table, estimatedRows: 0 }, { rows: 10 });
    expect(ids.slice(0, 5).map((range) => range.length)).toEqual([10, 10, 10, 10, 10]);
  });

  test('ends with an open range, to which rows behind the last belong', async () => {
    const table = await fill([1, 2, 3, 4]);
    const { ranges } = await walk(room, table, { rows: 2 });
    expect(ranges).toEqual([
      { after: null, upTo: ['2'] },
      { after: ['2'], upTo: ['4'] },
      { after: ['4'], upTo: null },
    ]);
  });

  test('goes on behind a resume point, even one whose row is gone', async () => {
    const table = await fill([1, 2, 5, 6, 7]);
    const { ids } = await walk(room, table, { rows: 2, startAfter: ['3'] });
    expect(ids).toEqual([['5', '6'], ['7']]);
  });

  test('stays within a range', async () => {
    const table = await fill([1, 2, 3, 4, 5, 6, 7, 8]);
    const { ranges, ids } = await walk(room, table, { rows: 2, within: { after: ['2'], upTo: ['6'] } });
    expect(ids).toEqual([
      ['3', '4'],
      ['5', '6'],
    ]);
    expect(ranges.at(-1)?.upTo).toEqual(['6']);
    const open = await walk(room, table, { rows: 3, within: { after: null, upTo: ['7'] } });
    expect(open.ids).toEqual([['1', '2', '3'], ['4', '5', '6'], ['7']]);
  });

  test('asks anew how many rows a range may have', async () => {
    const table = await fill([1, 2, 3, 4, 5, 6, 7]);
    let next = 0;
    const { ids } = await walk(room, table, { rows: 0, rowsPerRange: () => (next += 1) });
    expect(ids.map((range) => range.length)).toEqual([1, 2, 3, 1]);
  });

  test('takes at least one row a range', async () => {
    const table = await fill([1, 2]);
    expect((await walk(room, table, { rows: 0.1 })).ids).toEqual([['1'], ['2'], []]);
  });

  test('covers a key that is not unique', async () => {
    await room.database.exec('CREATE TABLE d (id INT AUTO_INCREMENT PRIMARY KEY, k INT NOT NULL, KEY (k))');
    await room.database.exec('INSERT INTO d (k) VALUES (1), (1), (1), (1), (2), (2), (2), (3)');
    const { ids } = await walk(room, await tableNamed(room, 'd'), { rows: 2, key: ['k'] });
    expect(ids.flat().toSorted(byNumber)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  });

  test('refuses a key column that takes NULL: no range would hold its row', async () => {
    await room.database.exec('CREATE TABLE n (id INT, k INT NULL)');
    const table = await tableNamed(room, 'n');
    await expect(walk(room, table, { rows: 2, key: ['k'] })).rejects.toMatchObject({ code: 'TABLE_WITHOUT_KEY' });
  });

  test('sees every row that stays, while others come and go', async () => {
    const stay = Array.from({ length: 300 }, (_, index) => index * 10);
    const table = await fill(stay);
    const seen: string[] = [];
    let step = 0;
    for await (const range of walkKeyRanges(room.session, { table, key: table.key, rowsPerRange: () => 7 })) {
      const around = Number(range.upTo?.[0] ?? 3000);
      await room.database.exec(`INSERT IGNORE INTO t VALUES (${around + 1}), (${around + 15}), (${around - 5});
        DELETE FROM t WHERE id % 10 <> 0 AND id < ${around - 40}; INSERT INTO t VALUES (${10_001 + step})`);
      seen.push(...(await idsIn(room, table, range)));
      step += 1;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(stay.filter((id) => !seen.includes(String(id)))).toEqual([]);
    // The last range is open: what came behind it while it was read is in it.
    expect(seen).toContain(String(10_001 + step - 1));
  });
});

test('each boundary is a short statement on the index', async () => {
  await room.database.exec('CREATE TABLE t (a INT, b INT, id INT, PRIMARY KEY (a, b)) ENGINE=MyISAM');
  const rows = Array.from({ length: 3000 }, (_, index) => `(${index % 10}, ${index}, ${index})`);
  await room.database.exec(`INSERT INTO t VALUES ${rows.join(', ')}`);
  const table = await tableNamed(room, 't');
  await room.session.execute('FLUSH STATUS');
  for await (const range of walkKeyRanges(room.session, { table, key: table.key, rowsPerRange: () => 100 })) void range;
  const [read] = await room.session.query("SHOW SESSION STATUS LIKE 'Handler_read_next'");
  const [scanned] = await room.session.query("SHOW SESSION STATUS LIKE 'Handler_read_rnd_next'");
  // Each row is passed about once as the end of the range before, never the table once a range.
  expect(Number(read?.['Value'])).toBeLessThan(7000);
  expect(Number(scanned?.['Value'])).toBeLessThan(100);
});

test('other servers cut the same table at the same keys', async () => {
  const found: string[] = [];
  for (const { server } of otherServers()) {
    await using there = await openRoom(server);
    await there.database
      .exec(`CREATE TABLE t (id INT, u BIGINT UNSIGNED NOT NULL, w VARCHAR(9) COLLATE utf8_bin NOT NULL,
      e ENUM('z','a') NOT NULL, PRIMARY KEY (e, u, w)) DEFAULT CHARACTER SET utf8;
      INSERT INTO t VALUES (1, 18446744073709551615, 'a', 'a'), (2, 18446744073709551615, 'b', 'a'), (3, 1, 'c', 'z'),
        (4, 9223372036854775808, 'a', 'z'), (5, 9223372036854775807, 'a', 'z')`);
    found.push(JSON.stringify(await walk(there, await tableNamed(there, 't'), { rows: 2 })));
  }
  expect(new Set(found).size).toBe(1);
  expect(JSON.parse(found[0] ?? '{}')).toMatchObject({ ids: [['3', '5'], ['4', '1'], ['2']] });
});
