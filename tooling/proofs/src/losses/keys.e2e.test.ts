import { beforeEach, describe, expect, test } from 'vitest';

import type { Asked } from '../pipeline.ts';
import { sharedPipeline } from './shared-pipeline.ts';

const { pipeline } = sharedPipeline();

/** Two rows a chunk, so that every key is a boundary of a range once. */
const IN_CHUNKS: Asked = {
  plan: { incrementalColumns: ['DateTStamp'], lookbackSeconds: { '*': 0 } },
  copy: { batchRows: 2 },
};
const BY_DIGEST: Asked = { plan: { strategy: 'digest' } };

let tables = 0;
let table = '';

beforeEach(() => {
  tables += 1;
  table = `keyed_${tables}`;
});

async function createKeyed(columns: string, key: string, keys: readonly string[]): Promise<void> {
  await pipeline().source.exec(
    `CREATE TABLE ${table} (${columns}, Note varchar(40), DateTStamp timestamp NOT NULL, PRIMARY KEY (${key}))
       ENGINE=MyISAM DEFAULT CHARSET=utf8`,
  );
  await insertKeys(keys, `'first', '2026-03-02 10:00:00'`);
}

async function insertKeys(keys: readonly string[], rest: string): Promise<void> {
  for (const key of keys) await pipeline().source.exec(`INSERT INTO ${table} VALUES (${key}, ${rest})`);
}

/** A kind of key: its columns, rows to begin with, rows to add, and a condition for one row to change and one to delete. */
interface KeyCase {
  readonly columns: string;
  readonly key: string;
  readonly keys: readonly string[];
  readonly more: readonly string[];
  readonly changed: string;
  readonly deleted: string;
}

const CASES: Readonly<Record<string, KeyCase>> = {
  'composite, of a number and a text': {
    columns: 'PatNum bigint NOT NULL, Code varchar(15) NOT NULL',
    key: 'PatNum, Code',
    keys: [`1, 'D0120'`, `1, 'D0140'`, `1, ''`, `2, 'D0120'`, `2, 'D9'`, `-3, 'D0120'`],
    more: [`1, 'D0130'`, `0, 'zz'`],
    changed: `PatNum = 2 AND Code = 'D0120'`,
    deleted: `PatNum = 1 AND Code = ''`,
  },
  'composite, in another order than the columns': {
    columns: 'B smallint NOT NULL, A date NOT NULL, C tinyint unsigned NOT NULL',
    key: 'A, C, B',
    keys: [
      `1, '2026-01-02', 255`,
      `2, '2026-01-01', 0`,
      `3, '2026-01-02', 0`,
      `1, '0001-01-01', 9`,
      `1, '2026-01-01', 0`,
    ],
    more: [`9, '2026-01-01', 0`],
    changed: `A = '2026-01-02' AND C = 255`,
    deleted: `B = 2`,
  },
  'char, of one case and with umlauts': {
    columns: 'Code char(8) NOT NULL',
    key: 'Code',
    keys: [`'b'`, `'A'`, `'größe'`, `'ß'`, `''`, `'a b'`, `'%_'`, `'it''s\\\\'`],
    more: [`'é'`, `'0'`],
    changed: `Code = 'größe'`,
    deleted: `Code = ''`,
  },
  'varbinary, with zero bytes and no UTF-8': {
    columns: 'Token varbinary(16) NOT NULL',
    key: 'Token',
    keys: [`x'00'`, `x'0000'`, `x'ff'`, `x'fe00ff'`, `x''`, `x'5c27'`, `x'0a09'`],
    more: [`x'fe'`, `x'000000'`],
    changed: `Token = x'0000'`,
    deleted: `Token = x''`,
  },
  'bigint unsigned, up to its end': {
    columns: 'Num bigint unsigned NOT NULL',
    key: 'Num',
    keys: ['0', '9223372036854775807', '9223372036854775808', '18446744073709551614', '18446744073709551615', '7'],
    more: ['9223372036854775809', '1'],
    changed: 'Num = 18446744073709551615',
    deleted: 'Num = 9223372036854775808',
  },
  'decimal, with a scale': {
    columns: 'Fee decimal(20,4) NOT NULL',
    key: 'Fee',
    keys: ['0', '-1.5', '9007199254740993.0001', '9007199254740993.0002', '0.1'],
    more: ['0.0001'],
    changed: 'Fee = 9007199254740993.0001',
    deleted: 'Fee = 9007199254740993.0002',
  },
};

// key-columns.ts: every key is compared in its own type, over all of its columns
test.each(Object.entries(CASES))('%s', async (_, given) => {
  await createKeyed(given.columns, given.key, given.keys);
  const first = await pipeline().run(table, IN_CHUNKS);
  expect([first.copy.counts.rowsInserted, first.load.counts.rowsInserted]).toEqual([
    given.keys.length,
    given.keys.length,
  ]);
  await pipeline().expectEqual(table);
  await insertKeys(given.more, `'new', '2026-03-02 10:00:00'`);
  await pipeline().source.exec(
    `UPDATE ${table} SET Note = 'changed', DateTStamp = '2026-03-02 10:00:01' WHERE ${given.changed};
     DELETE FROM ${table} WHERE ${given.deleted}`,
  );
  const { copy, load } = await pipeline().run(table, IN_CHUNKS);
  expect([copy.strategy, load.strategy]).toEqual(['incremental', 'incremental']);
  expect(load.counts).toMatchObject({ rowsInserted: given.more.length, rowsUpdated: 1 });
  const digest = await pipeline().run(table, BY_DIGEST);
  expect(digest.load.counts).toMatchObject({ rowsDeleted: 1, rowsInserted: 0, rowsUpdated: 0 });
  await pipeline().expectEqual(table);
  const again = await pipeline().run(table, BY_DIGEST);
  expect(again.copy.counts).toMatchObject({ rowsInserted: 0, rowsUpdated: 0, rowsDeleted: 0 });
});

/** MySQL and older MariaDB have no uca1400. */
async function bothKnow(collation: string): Promise<boolean> {
  const listed = `SELECT 1 FROM information_schema.COLLATIONS WHERE COLLATION_NAME IN (?, ?, ?)`;
  const name = collation.replace(/^utf8_/, '');
  const names = [collation, `utf8mb3_${name}`, name];
  const found = [await pipeline().source.query(listed, names), await pipeline().replica.query(listed, names)];
  return found.every((rows) => rows.length > 0);
}

describe('a text key', () => {
  // apply-stage.ts: buryRenamedKeys, sameValue by bytes. delete-missing.ts: what was staged is not gone
  // ensure-replica-table.ts: readAbilities knows collations that MariaDB lists without a charset
  test.for([
    ['by its stamp', 'utf8_general_ci', IN_CHUNKS],
    ['by a digest', 'utf8_general_ci', BY_DIGEST],
    ['by a full read', 'utf8_general_ci', { fullRefresh: true }],
    ['by its stamp', 'utf8_uca1400_ai_ci', IN_CHUNKS],
  ] as const)(
    'that changes only in what its collation ignores, found %s: %s',
    async ([, collation, asked], { skip }) => {
      if (!(await bothKnow(collation))) skip(`${collation} is not known to both servers`);
      await createKeyed(`Code varchar(20) CHARACTER SET utf8 COLLATE ${collation} NOT NULL`, 'Code', [
        `'prophy'`,
        `'exam'`,
        `'1'`,
        `'2'`,
        `'3'`,
        `'4'`,
        `'5'`,
        `'6'`,
      ]);
      await pipeline().run(table, IN_CHUNKS);
      await pipeline().source.exec(
        `UPDATE ${table} SET Code = 'PROPHY', DateTStamp = '2026-03-02 10:00:01' WHERE Code = 'prophy';
       UPDATE ${table} SET Code = 'exam ', DateTStamp = '2026-03-02 10:00:01' WHERE Code = 'exam'`,
      );
      await pipeline().run(table, asked);
      await pipeline().expectEqual(table);
      await pipeline().run(table, BY_DIGEST);
      await pipeline().expectEqual(table);
    },
  );

  // docs/limitations.md; replica-ddl.ts: replicaCollation; find-differences.ts: the digest names the old key
  test('that changes only in what its collation ignores, and the replica’s does not, leaves its old row to a digest', async () => {
    await createKeyed('Code varchar(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL', 'Code', [
      `'prophy'`,
      `'exam'`,
      ...Array.from({ length: 20 }, (_, n) => `'${n}'`),
    ]);
    await pipeline().run(table, IN_CHUNKS);
    await pipeline().source.exec(
      `UPDATE ${table} SET Code = 'PROPHY', DateTStamp = '2026-03-02 10:00:01' WHERE Code = 'prophy';
       UPDATE ${table} SET Code = 'exam ', DateTStamp = '2026-03-02 10:00:01' WHERE Code = 'exam'`,
    );
    const changed = await pipeline().run(table, IN_CHUNKS);
    expect(changed.copy.counts).toMatchObject({ rowsInserted: 1, rowsUpdated: 1, rowsDeleted: 0 });
    const kept = await pipeline().warehouse.query(
      `SELECT "Code" FROM raw."${table}" WHERE lower("Code") = 'prophy' ORDER BY "Code" COLLATE "C"`,
    );
    expect(kept).toEqual([{ Code: 'PROPHY' }, { Code: 'prophy' }]);
    const digest = await pipeline().run(table, BY_DIGEST);
    expect(digest.copy.counts).toMatchObject({ rowsInserted: 0, rowsUpdated: 0, rowsDeleted: 1 });
    await pipeline().expectEqual(table);
  });

  // find-differences.ts: ranges are compared only where both servers order the keys alike
  test('whose collation the replica orders in another way', async () => {
    const rows = Array.from({ length: 9000 }, (_, n) => `('${n % 2 === 0 ? 'k' : 'K'}${n + 1}', '')`);
    await pipeline().source.exec(
      `CREATE TABLE ${table} (Code varchar(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL PRIMARY KEY,
         Note varchar(40)) ENGINE=MyISAM;
       INSERT INTO ${table} VALUES ${rows.join(', ')}`,
    );
    await pipeline().run(table, BY_DIGEST);
    await pipeline().source.exec(`UPDATE ${table} SET Note = 'x' WHERE Code IN ('k17', 'K18', 'k8999')`);
    const { copy } = await pipeline().run(table, BY_DIGEST);
    expect(copy.counts).toMatchObject({ rowsInserted: 0, rowsUpdated: 3, rowsDeleted: 0 });
    await pipeline().expectEqual(table);
  });
});

// merge-statements.ts: updateChanged is null; apply-stage.ts: no row differs from itself
test('a table that has nothing but its key', async () => {
  await pipeline().source.exec(
    `CREATE TABLE ${table} (ProcNum bigint NOT NULL, GroupNum bigint NOT NULL, PRIMARY KEY (ProcNum, GroupNum))
       ENGINE=MyISAM;
     INSERT INTO ${table} VALUES (1, 1), (1, 2), (2, 1)`,
  );
  await pipeline().run(table);
  await pipeline().expectEqual(table);
  const quiet = await pipeline().run(table);
  expect(quiet.load.counts.rowsRead).toBe(0);
  await pipeline().source.exec(
    `INSERT INTO ${table} VALUES (3, 3); UPDATE ${table} SET GroupNum = 9 WHERE ProcNum = 2`,
  );
  const { copy } = await pipeline().run(table);
  expect(copy.counts).toMatchObject({ rowsInserted: 2, rowsDeleted: 1 });
  await pipeline().expectEqual(table);
});

describe('a table without a key', () => {
  beforeEach(async () => {
    await pipeline().source.exec(
      `CREATE TABLE ${table} (PatNum bigint NOT NULL, Slot int NOT NULL, Note varchar(40), Room int NULL,
         UNIQUE KEY (PatNum, Slot, Room))
         ENGINE=MyISAM;
       INSERT INTO ${table} VALUES (1, 1, 'a', 5), (1, 2, 'b', NULL), (2, 1, 'c', 5)`,
    );
  });

  // copy-table.ts: requireKey
  test('is refused by name, and nothing is written', async () => {
    await expect(pipeline().copy(table)).rejects.toMatchObject({ code: 'TABLE_WITHOUT_KEY', table });
    expect(await pipeline().replica.query(`SHOW TABLES LIKE '${table}'`)).toEqual([]);
    const { copy } = await pipeline().states(table);
    expect(copy).toMatchObject({ status: 'failed', lastError: 'TABLE_WITHOUT_KEY', succeeded: false });
  });

  test('is copied by the columns that primary_key names', async () => {
    const asked: Asked = { copy: { primaryKey: ['PatNum', 'Slot'] } };
    await pipeline().run(table, asked);
    await pipeline().source.exec(
      `UPDATE ${table} SET Note = 'changed' WHERE PatNum = 2; DELETE FROM ${table} WHERE Slot = 2;
       INSERT INTO ${table} VALUES (3, 1, 'new', 5)`,
    );
    const { copy } = await pipeline().run(table, asked);
    expect(copy.counts).toMatchObject({ rowsInserted: 1, rowsUpdated: 1, rowsDeleted: 1 });
    await pipeline().expectEqual(table);
  });

  // write-rows.ts: a key that comes twice in one read is told
  test.each([
    ['a first copy', IN_CHUNKS],
    ['a full read', {}],
    ['a digest', BY_DIGEST],
  ])('is not copied by columns that are not unique, found by %s', async (found, asked) => {
    const wrong: Asked = { ...asked, copy: { ...asked.copy, primaryKey: ['PatNum'] } };
    if (found !== 'a first copy') {
      await pipeline().source.exec(`DELETE FROM ${table} WHERE Slot = 2`);
      await pipeline().run(table, wrong);
      await pipeline().source.exec(`INSERT INTO ${table} VALUES (1, 2, 'again', 5)`);
    }
    await expect(pipeline().copy(table, wrong)).rejects.toMatchObject({ code: 'DUPLICATE_KEY', table });
  });

  // digest-rows.ts: of two rows with one key the later one may be the very row that the replica has
  test('is not compared by columns that are not unique, where the second row hides behind the first', async () => {
    const wrong: Asked = { ...BY_DIGEST, copy: { primaryKey: ['PatNum'] } };
    const fillers = Array.from({ length: 19 }, (_, n) => `(${n + 2}, 1, 'filler', 5)`);
    await pipeline().source.exec(
      `TRUNCATE ${table}; INSERT INTO ${table} VALUES (99, 1, 'goes', 5), (1, 1, 'a', 5);
       INSERT INTO ${table} VALUES ${fillers.join(', ')}`,
    );
    await pipeline().copy(table, wrong);
    // MyISAM writes the new row where the deleted one was: in front of the one that was copied.
    await pipeline().source.exec(
      `DELETE FROM ${table} WHERE PatNum = 99; INSERT INTO ${table} VALUES (1, 2, 'hide', 5)`,
    );
    const [first] = await pipeline().source.query(`SELECT Note FROM ${table}`);
    expect(first).toEqual({ Note: 'hide' });
    await expect(pipeline().copy(table, wrong)).rejects.toMatchObject({ code: 'DUPLICATE_KEY', table });
  });

  // key-columns.ts: a NULL has no place in an order and equals nothing
  test('is not copied by a column that may be NULL', async () => {
    await expect(pipeline().copy(table, { copy: { primaryKey: ['PatNum', 'Room'] } })).rejects.toMatchObject({
      code: 'TABLE_WITHOUT_KEY',
    });
  });

  test('is not copied by a column that it does not have', async () => {
    await expect(pipeline().copy(table, { copy: { primaryKey: ['PatNumm'] } })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });
});
