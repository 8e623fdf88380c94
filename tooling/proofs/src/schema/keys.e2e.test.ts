import { describe, expect, test } from 'vitest';

import { sharedPipeline } from '../losses/shared-pipeline.ts';
import { untilNextSecond } from '../losses/second-session.ts';
import { shortOrLong } from '../races/how-long.ts';
import { outcomeOf } from '../races/outcome-of.ts';
import { followHints } from './follow-hints.ts';
import {
  ASKED,
  change,
  expectSettled,
  STAMP,
  studyOwn,
  typeInRaw,
  type Engine,
  type StudiedTable,
} from './studied-table.ts';

const { pipeline } = sharedPipeline();

let tables = 0;

function study(columns: string, rows: string, engine: Engine = 'MyISAM'): Promise<StudiedTable> {
  tables += 1;
  const sql = `CREATE TABLE t (${columns}, ${STAMP}) ENGINE=${engine}; INSERT INTO t VALUES ${rows}`;
  return studyOwn(pipeline(), { name: `t_${tables}`, sql });
}

const STOPS = 'copy SCHEMA_INCOMPATIBLE';
const RAW_STOPS = 'load SCHEMA_INCOMPATIBLE';
const PAIRS = `A int NOT NULL, B int NOT NULL, Note varchar(20)`;

// reconcile-replica.ts; refuseOtherKey in prepare-raw.ts
describe('the key becomes another one', () => {
  test('a column joins it, and what was unique is not any more', async () => {
    const table = await study(`${PAIRS}, PRIMARY KEY (A)`, `(1, 1, 'one', '2020-01-01'), (2, 1, 'two', '2020-01-01')`);
    await change(
      table,
      `ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (A, B); INSERT INTO t VALUES (1, 2, 'three', '2020-01-01')`,
    );
    expect(await followHints(table)).toEqual([STOPS, RAW_STOPS]);
    await expectSettled(table);
  });

  test('a column leaves it', async () => {
    const table = await study(
      `${PAIRS}, PRIMARY KEY (A, B)`,
      `(1, 1, 'one', '2020-01-01'), (1, 2, 'two', '2020-01-01'), (2, 1, 'three', '2020-01-01')`,
    );
    await change(table, `DELETE FROM t WHERE B = 2; ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (A)`);
    expect(await followHints(table)).toEqual([STOPS, 'load DUPLICATE_KEY']);
    await expectSettled(table);
  });

  test('it is a new column, and the old one is dropped', async () => {
    const table = await study(
      `A int NOT NULL PRIMARY KEY, Note varchar(20)`,
      `(1, 'one', '2020-01-01'), (2, 'two', '2020-01-01')`,
    );
    await change(
      table,
      `ALTER TABLE t ADD COLUMN C bigint NOT NULL FIRST; UPDATE t SET C = A * 10; ALTER TABLE t DROP PRIMARY KEY,
       DROP COLUMN A, ADD PRIMARY KEY (C)`,
    );
    expect(await followHints(table)).toEqual([STOPS, RAW_STOPS]);
    await expectSettled(table);
  });

  test('its column is renamed', async () => {
    const table = await study(
      `A int NOT NULL PRIMARY KEY, Note varchar(20)`,
      `(1, 'one', '2020-01-01'), (2, 'two', '2020-01-01')`,
    );
    await change(table, `ALTER TABLE t CHANGE A Num int NOT NULL; UPDATE t SET Note = 'changed' WHERE Num = 2`);
    expect(await followHints(table)).toEqual([STOPS, RAW_STOPS]);
    await expectSettled(table);
  });

  test('its columns change places', async () => {
    const table = await study(
      `${PAIRS}, PRIMARY KEY (A, B)`,
      `(1, 2, 'one', '2020-01-01'), (2, 1, 'two', '2020-01-01')`,
    );
    await change(table, `ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (B, A)`);
    expect(await followHints(table)).toEqual([STOPS]);
    await expectSettled(table);
  });

  // requireKey in copy-table.ts
  test('there is none any more: tables.yml can name one', async () => {
    const table = await study(`${PAIRS}, PRIMARY KEY (A)`, `(1, 1, 'one', '2020-01-01'), (2, 1, 'two', '2020-01-01')`);
    await change(table, `ALTER TABLE t DROP PRIMARY KEY; INSERT INTO t VALUES (3, 1, 'three', now())`);
    expect(await outcomeOf(pipeline().copy(table.name, ASKED))).toMatchObject({
      code: 'TABLE_WITHOUT_KEY',
      hint: expect.stringContaining('primary_key'),
    });
    const named = { ...table, asked: { ...ASKED, copy: { ...ASKED.copy, primaryKey: ['A'] } } };
    expect(await followHints(named)).toEqual([]);
    await expectSettled(named);
  });
});

describe('the type of the key', () => {
  test('int becomes bigint: the view that reads it is named', async () => {
    const table = await study(
      `A int NOT NULL PRIMARY KEY, Note varchar(20)`,
      `(1, 'one', '2020-01-01'), (2, 'two', '2020-01-01')`,
    );
    await change(
      table,
      `ALTER TABLE t MODIFY A bigint NOT NULL; INSERT INTO t VALUES (9007199254740993, 'three', '2020-01-01')`,
    );
    expect(await followHints(table)).toEqual([RAW_STOPS]);
    await expectSettled(table);
    expect(await typeInRaw(pipeline(), table.name, 'A')).toBe('bigint');
  });

  test('a varchar becomes longer', async () => {
    const table = await study(
      `Code varchar(5) NOT NULL PRIMARY KEY, N int`,
      `('a', 1, '2020-01-01'), ('b', 2, '2020-01-01')`,
    );
    await change(
      table,
      `ALTER TABLE t MODIFY Code varchar(20) NOT NULL; INSERT INTO t VALUES ('longer than five', 3, '2020-01-01')`,
    );
    expect(await followHints(table)).toEqual([]);
    await expectSettled(table);
  });

  test('int becomes varchar', async () => {
    const table = await study(`A int NOT NULL PRIMARY KEY, N int`, `(1, 1, '2020-01-01'), (2, 2, '2020-01-01')`);
    await change(table, `ALTER TABLE t MODIFY A varchar(20) NOT NULL; INSERT INTO t VALUES ('three', 3, '2020-01-01')`);
    expect(await followHints(table)).toEqual([STOPS, RAW_STOPS]);
    await expectSettled(table);
  });

  test('varchar becomes bytes, with more rows than a load may remove', async () => {
    const rows = Array.from({ length: 1_100 }, (_, n) => `('a${n}', ${n}, '2020-01-01')`);
    const table = await study(`Code varchar(5) NOT NULL PRIMARY KEY, N int`, rows.join(', '));
    await change(
      table,
      `ALTER TABLE t MODIFY Code varbinary(5) NOT NULL; INSERT INTO t VALUES (0xff, 3, '2020-01-01')`,
    );
    expect(await followHints(table)).toEqual([STOPS, RAW_STOPS]);
    await expectSettled(table);
  });
});

// ordersOtherwise in reconcile-replica.ts
describe.each(shortOrLong<Engine[]>(['MyISAM'], ['MyISAM', 'InnoDB']))('the collation of a text key (%s)', (engine) => {
  test('tells capitals apart from now on', async () => {
    const table = await study(
      `Code varchar(5) COLLATE utf8mb4_general_ci NOT NULL PRIMARY KEY, N int`,
      `('a', 1, '2020-01-01'), ('b', 2, '2020-01-01')`,
      engine,
    );
    await untilNextSecond(pipeline().source);
    await change(
      table,
      `ALTER TABLE t MODIFY Code varchar(5) COLLATE utf8mb4_bin NOT NULL; INSERT INTO t VALUES ('A', 3, now())`,
    );
    expect(await followHints(table)).toEqual([]);
    await expectSettled(table);
  });

  test('holds capitals for equal from now on', async () => {
    const table = await study(
      `Code varchar(5) COLLATE utf8mb4_bin NOT NULL PRIMARY KEY, N int`,
      `('a', 1, '2020-01-01'), ('b', 2, '2020-01-01')`,
      engine,
    );
    await untilNextSecond(pipeline().source);
    await change(
      table,
      `ALTER TABLE t MODIFY Code varchar(5) COLLATE utf8mb4_general_ci NOT NULL; REPLACE INTO t VALUES ('A', 3, now())`,
    );
    expect(await followHints(table)).toEqual([]);
    await expectSettled(table);
  });

  test('holds capitals for equal from now on, and the replica still has both', async () => {
    const table = await study(
      `Code varchar(5) COLLATE utf8mb4_bin NOT NULL PRIMARY KEY, N int`,
      `('a', 1, '2020-01-01'), ('A', 2, '2020-01-01')`,
      engine,
    );
    await untilNextSecond(pipeline().source);
    await change(
      table,
      `DELETE FROM t WHERE N = 2; ALTER TABLE t MODIFY Code varchar(5) COLLATE utf8mb4_general_ci NOT NULL`,
    );
    expect(await followHints(table)).toEqual(['copy SCHEMA_INCOMPATIBLE']);
    await expectSettled(table);
  });

  test('becomes utf8mb4', async () => {
    const table = await study(
      `Code varchar(5) CHARACTER SET utf8mb3 NOT NULL PRIMARY KEY, N int`,
      `('a', 1, '2020-01-01'), ('b', 2, '2020-01-01')`,
      engine,
    );
    await change(
      table,
      `ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4; INSERT INTO t VALUES (CONVERT(0xF09FA6B7 USING utf8mb4), 3, now())`,
    );
    expect(await followHints(table)).toEqual([]);
    await expectSettled(table);
  });
});
