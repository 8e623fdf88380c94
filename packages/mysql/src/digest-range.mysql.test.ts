import { crc32 } from 'node:zlib';

import { testServers } from '@tidemark/testkit';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { otherServers } from '../test/other-servers.ts';
import { openRoom, type Room } from '../test/room.ts';
import { catalogOf, createSourceSql } from '../test/type-catalog.ts';
import { describeTables } from './describe-tables.ts';
import { digestRange, type RangeDigest } from './digest-range.ts';
import { digestRows } from './digest-rows.ts';
import { WHOLE_TABLE, type KeyRange } from './key-columns.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom(testServers().source);
  await room.database.exec("SET SESSION sql_mode = ''");
});
afterEach(() => room[Symbol.asyncDispose]());

async function digestOf(
  of: Room,
  table: string,
  options: { readonly range?: KeyRange; readonly key?: readonly string[] } = {},
): Promise<RangeDigest> {
  const [described] = await describeTables(of.session, [table]);
  if (!described) throw new Error('The table is missing.');
  const { range = WHOLE_TABLE, key = ['id'] } = options;
  return digestRange(of.session, { table: described, key, columns: described.columns, range });
}

/** Digests as many write them by hand. */
async function plainDigests(table: string): Promise<unknown> {
  const crc = "CRC32(CONCAT_WS('|', id, LENGTH(a), a))";
  const [row] = await room.session.query(`SELECT BIT_XOR(${crc}) AS xored, SUM(${crc}) AS summed FROM ${table}`);
  return row;
}

/** Turns one bit of the last letter. */
function edited(word: string): string {
  return word.slice(0, -1) + String.fromCharCode(word.charCodeAt(word.length - 1) ^ 1);
}

/** Words for rows 1 and 2 whose row checksums move by as much in opposite directions when both words are edited. */
function wordsWhoseEditsCancelOut(): [string, string] {
  const moves = (id: number, word: string): number => crc32(`${id}|4|${edited(word)}`) - crc32(`${id}|4|${word}`);
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const wanted = -moves(1, 'lamb');
  for (let number = 0; number < letters.length ** 4; number += 1) {
    const word = [0, 1, 2, 3].map((place) => letters[Math.floor(number / letters.length ** place) % 26]).join('');
    if (moves(2, word) === wanted) return ['lamb', word];
  }
  throw new Error('There are no such words.');
}

async function distinctDigests(table: string, statements: readonly string[]): Promise<number> {
  const seen = new Set<string>();
  for (const statement of statements) {
    await room.database.exec(statement);
    seen.add((await digestOf(room, table)).checksum);
  }
  return seen.size;
}

describe('a change of one value shows', () => {
  test('for every two values of every type, and NULL', async () => {
    const columns = catalogOf('MariaDB source');
    await room.database.exec(createSourceSql(columns, 'MyISAM'));
    await room.database.exec('DELETE FROM every_type WHERE id > 1');
    for (const { name, values } of columns) {
      const tried = [...values, 'NULL'];
      const statements = tried.map((value) => `UPDATE every_type SET \`${name}\` = ${value} WHERE id = 1`);
      expect([name, await distinctDigests('every_type', statements)]).toEqual([name, tried.length]);
    }
  });

  test('where collations see none: case, accents, spaces at the end', async () => {
    await room.database.exec("CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20)); INSERT INTO t VALUES (1, '')");
    const values = ["'a'", "'A'", "'a '", "'á'", "'ａ'", "''", "' '"];
    expect(
      await distinctDigests(
        't',
        values.map((value) => `UPDATE t SET a = ${value}`),
      ),
    ).toBe(values.length);
  });

  test('between NULL, nothing, and the letters and digits that stand for them', async () => {
    await room.database.exec(`CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(9), b VARCHAR(9), n INT, d DATE);
      INSERT INTO t (id) VALUES (1)`);
    const texts = ['NULL', "''", "'N'", "'0'", "'1'", "'NULL'", "'|'", "'N|N'"];
    const statements = texts.flatMap((a) => texts.map((b) => `UPDATE t SET a = ${a}, b = ${b}, n = NULL, d = NULL`));
    expect(await distinctDigests('t', [...statements, "UPDATE t SET n = 0, d = '0000-00-00'"])).toBe(
      texts.length ** 2 + 1,
    );
  });

  test('when it only moves into the next column', async () => {
    await room.database.exec('CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20), b VARCHAR(20), c INT)');
    await room.database.exec("INSERT INTO t VALUES (1, '', '', 1)");
    const pairs = [
      ["'x|y'", "'z'"],
      ["'x'", "'y|z'"],
      ["'x|1|y'", "'z'"],
      ["'1'", "'2'"],
      ["'2'", "'1'"],
      ['NULL', "'2'"],
      ["'2'", 'NULL'],
      ["''", "'2'"],
      ["'2'", "''"],
    ];
    const statements = pairs.map(([a, b]) => `UPDATE t SET a = ${a}, b = ${b}`);
    expect(await distinctDigests('t', statements)).toBe(pairs.length);
  });
});

describe('changes of several rows do not cancel out', () => {
  test('the same edit in two rows, which neither an exclusive-or nor a sum of CRC-32 sees', async () => {
    const [first, second] = wordsWhoseEditsCancelOut();
    await room.database.exec(`CREATE TABLE t (id INT PRIMARY KEY, a CHAR(4) NOT NULL);
      INSERT INTO t VALUES (1, '${first}'), (2, '${second}'), (3, 'cccc')`);
    const [before, plainBefore] = [await digestOf(room, 't'), await plainDigests('t')];
    await room.database.exec(`UPDATE t SET a = IF(id = 1, '${edited(first)}', '${edited(second)}') WHERE id < 3`);
    expect(await plainDigests('t')).toEqual(plainBefore);
    expect(await digestOf(room, 't')).not.toEqual(before);
  });

  test('values that two rows exchange', async () => {
    await room.database.exec(`CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(9), b INT);
      INSERT INTO t VALUES (1, 'x', 5), (2, 'y', 6)`);
    const statements = [
      "UPDATE t SET a = IF(id = 1, 'y', 'x')",
      "UPDATE t SET a = IF(id = 1, 'x', 'y'), b = IF(id = 1, 6, 5)",
      "UPDATE t SET a = IF(id = 1, 'y', 'x')",
      "UPDATE t SET a = 'x', b = 5",
    ];
    expect(await distinctDigests('t', statements)).toBe(4);
  });

  test('a row twice, where the key is not unique: an exclusive-or gives nothing', async () => {
    await room.database.exec('CREATE TABLE t (id INT NOT NULL, a VARCHAR(9)); INSERT INTO t VALUES (1, NULL)');
    const alone = await digestOf(room, 't');
    await room.database.exec("INSERT INTO t VALUES (2, 'x'), (2, 'x')");
    const twice = await digestOf(room, 't');
    expect(twice).toMatchObject({ rows: 3 });
    expect(twice.checksum).not.toBe(alone.checksum);
  });

  test('by chance: equal rows, and only those, have equal digests', { timeout: 120_000 }, async () => {
    await room.database.exec(`CREATE TABLE l (id INT PRIMARY KEY, a VARCHAR(9), b INT, c DATE, d DOUBLE NOT NULL);
      CREATE TABLE r LIKE l`);
    const row = fc.tuple(
      fc.constantFrom(1, 2, 3, 11),
      fc.option(fc.constantFrom('', 'N', '1', '0', '|', '1|', 'a', 'b')),
      fc.option(fc.constantFrom(0, 1, -1, 10)),
      fc.option(fc.constantFrom('0000-00-00', '2024-01-01', '2024-01-10')),
      fc.constantFrom(0, 1, 0.1, 1e20),
    );
    const rows = fc
      .uniqueArray(row, { selector: ([id]) => id, maxLength: 4 })
      .map((list) => list.toSorted(([left], [right]) => left - right));
    const fill = async (name: string, values: readonly (readonly unknown[])[]): Promise<void> => {
      await room.database.exec(`DELETE FROM ${name}`);
      for (const value of values) await room.database.query(`INSERT INTO ${name} VALUES (?, ?, ?, ?, ?)`, value);
    };
    await fc.assert(
      fc.asyncProperty(rows, rows, fc.boolean(), async (left, other, same) => {
        const right = same ? left : other;
        await fill('l', left);
        await fill('r', right);
        const [ofLeft, ofRight] = [await digestOf(room, 'l'), await digestOf(room, 'r')];
        const isEqual = ofLeft.checksum === ofRight.checksum && ofLeft.rows === ofRight.rows;
        expect(isEqual).toBe(JSON.stringify(left) === JSON.stringify(right));
      }),
      { numRuns: 150 },
    );
  });
});

describe('the digest of equal rows is equal', () => {
  test('whatever the order, nullability, charset and collation of the columns that hold them', async () => {
    const words = "('1', 'tooth', 'é', 'ü', '2024-01-01', 1.5)";
    await room.database.exec(`SET NAMES utf8mb4;
      CREATE TABLE l (id VARCHAR(20) CHARACTER SET latin1 PRIMARY KEY, a VARCHAR(20) CHARACTER SET latin1 NOT NULL,
        b VARCHAR(20) CHARACTER SET utf8 COLLATE utf8_bin NOT NULL, c TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
        d DATE NOT NULL, e DOUBLE NOT NULL) ENGINE=MyISAM;
      CREATE TABLE r (id VARCHAR(99) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PRIMARY KEY, a LONGTEXT CHARACTER SET utf8mb4,
        b VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, c VARCHAR(50) CHARACTER SET ucs2,
        d DATE NULL, e DOUBLE NULL) ENGINE=InnoDB;
      INSERT INTO l VALUES ${words}`);
    await room.database.exec('ALTER TABLE r MODIFY a VARCHAR(30) CHARACTER SET utf8mb4');
    await room.database.exec(
      `INSERT INTO r VALUES ('2', 'x', 'y', 'z', NULL, NULL), ${words}; DELETE FROM r WHERE id = '2'`,
    );
    expect(await digestOf(room, 'r')).toEqual(await digestOf(room, 'l'));
  });

  test('for columns of every collation in one row', async () => {
    const collations = [
      'utf8mb4_bin',
      'utf8mb4_unicode_ci',
      'utf8mb4_general_ci',
      'utf8_bin',
      'utf8_general_ci',
      'latin1_bin',
      'cp1251_general_ci',
      'ucs2_bin',
      'binary',
    ];
    const definitions = collations.map((collation, index) => `c${index} VARCHAR(20) COLLATE ${collation}`);
    await room.database.exec(
      `CREATE TABLE t (id INT PRIMARY KEY, ${definitions.join(', ')}); INSERT INTO t (id, c0) VALUES (1, 'é')`,
    );
    expect(await digestOf(room, 't')).toMatchObject({ rows: 1 });
  });

  test('of no rows, and of none in a range', async () => {
    await room.database.exec('CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (5)');
    expect(await digestOf(room, 't', { range: { after: ['5'], upTo: null } })).toEqual({ rows: 0, checksum: '0' });
  });
});

test('the digests of parts add up to that of the whole, with no row in two parts', async () => {
  await room.database.exec(
    'CREATE TABLE t (id INT PRIMARY KEY, a INT); INSERT INTO t VALUES (1, 1), (2, 2), (3, 3), (4, 4)',
  );
  const whole = await digestOf(room, 't');
  const parts = [
    await digestOf(room, 't', { range: { after: null, upTo: ['2'] } }),
    await digestOf(room, 't', { range: { after: ['2'], upTo: ['3'] } }),
    await digestOf(room, 't', { range: { after: ['3'], upTo: null } }),
  ];
  expect(parts.map((part) => part.rows)).toEqual([2, 1, 1]);
  expect(parts.reduce((sum, part) => sum + BigInt(part.checksum), 0n)).toBe(BigInt(whole.checksum));
});

test('a row that is too long to compare is an error, not an equal row', async () => {
  const count = Math.ceil(room.session.facts.maxAllowedPacket / 60_000) + 1;
  const names = Array.from({ length: count }, (_, index) => `c${index}`);
  await room.database.exec(`CREATE TABLE t (id INT PRIMARY KEY, ${names.join(' TEXT, ')} TEXT) ENGINE=MyISAM`);
  await room.database.exec(`INSERT INTO t VALUES (1, ${names.map(() => "REPEAT('x', 60000)").join(', ')})`);
  const [table] = await describeTables(room.session, ['t']);
  if (!table) throw new Error('The table is missing.');
  const input = { table, key: ['id'], columns: table.columns, range: WHOLE_TABLE };
  await expect(digestRange(room.session, input)).rejects.toMatchObject({ code: 'PACKET_TOO_LARGE' });
  await expect(digestRows(room.session, input)).rejects.toMatchObject({ code: 'PACKET_TOO_LARGE' });
});

describe('digests of single rows', () => {
  test('name the rows by key, and are the same on every server', async () => {
    const found: Map<string, string>[] = [];
    for (const { server } of otherServers()) {
      await using there = await openRoom(server);
      await there.database
        .exec(`CREATE TABLE t (id BIGINT, at DATE, raw VARBINARY(9), a VARCHAR(20) CHARACTER SET utf8mb4, PRIMARY KEY (id, at, raw));
        INSERT INTO t VALUES (1, '2024-01-01', X'FF00', 'é'), (9223372036854775807, '2024-01-02', '', NULL)`);
      const [table] = await describeTables(there.session, ['t']);
      if (!table) throw new Error('The table is missing.');
      const { key, columns } = table;
      found.push(await digestRows(there.session, { table, key, columns, range: WHOLE_TABLE }));
    }
    const [first] = found;
    expect([...(first?.keys() ?? [])].toSorted()).toEqual([
      '["1","2024-01-01","FF00"]',
      '["9223372036854775807","2024-01-02",""]',
    ]);
    for (const digests of found) expect(digests).toEqual(first);
  });
});
