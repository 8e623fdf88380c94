import { onPoint } from '@tidemark/testkit';
import { beforeEach, describe, expect, test } from 'vitest';

import { untilNextSecond } from '../losses/second-session.ts';
import { sharedPipeline } from '../losses/shared-pipeline.ts';
import { outcomeOf } from '../races/outcome-of.ts';
import { followHints } from './follow-hints.ts';
import {
  ASKED,
  change,
  expectSettled,
  STAMP,
  studyTable,
  work,
  type Engine,
  type StudiedTable,
} from './studied-table.ts';

const { pipeline } = sharedPipeline();

let tables = 0;

beforeEach(() => {
  tables += 1;
});

function study(engine: Engine, name = `t_${tables}`): Promise<StudiedTable> {
  return studyTable(pipeline(), { name, engine, column: 'int NOT NULL', value: String });
}

async function createdAt(name: string): Promise<unknown> {
  const [row] = await pipeline().source.query(
    `SELECT CREATE_TIME AS created FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${name}'`,
  );
  return row?.['created'];
}

async function rowsInRaw(name: string): Promise<number | undefined> {
  const [row] = await pipeline().warehouse.query<{ n: number }>(`SELECT count(*)::int AS n FROM raw.${name}`);
  return row?.n;
}

const ENGINES: readonly Engine[] = ['MyISAM', 'InnoDB'];
const COLUMNS = `Num bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note varchar(40) NOT NULL, X int NOT NULL, ${STAMP}`;

// was-copied.ts
describe('a table that is no longer there under its name', () => {
  test.each(['DROP TABLE t', 'RENAME TABLE t TO t_away'])('%s: it is told, and its rows stay', async (sql) => {
    const table = await study('MyISAM');
    await change(table, sql);
    const before = await pipeline().states(table.name);
    for (let run = 1; run <= 2; run += 1) {
      expect(await outcomeOf(pipeline().copy(table.name, ASKED))).toMatchObject({
        code: 'TABLE_GONE',
        hint: expect.stringContaining(`--exclude ${table.name}`),
      });
    }
    expect((await pipeline().states(table.name)).copy).toMatchObject({
      ...before.copy,
      status: 'failed',
      lastError: 'TABLE_GONE',
      consecutiveFailures: 2,
    });
    await pipeline().load(table.name, ASKED);
    expect(await rowsInRaw(table.name)).toBe(12);
    if (sql.startsWith('DROP')) return;
    const renamed = `${table.name}_away`;
    await pipeline().run(renamed, ASKED);
    await pipeline().expectEqual(renamed);
  });

  test('one that was never copied is skipped', async () => {
    expect(await pipeline().copy('never_there', ASKED)).toMatchObject({ status: 'skipped' });
  });
});

// wasReplaced in recorded-structure.ts
describe.each(ENGINES)('another table of the same form under the same name (%s)', (engine) => {
  test('two tables change their names', async () => {
    const table = await study(engine);
    await untilNextSecond(pipeline().source);
    const other = await study(engine, `t_${tables}_away`);
    await pipeline().source.exec(`
      UPDATE ${other.name} SET X = X + 100, DateTStamp = DateTStamp; DELETE FROM ${other.name} WHERE Num = 5`);
    await pipeline().source.exec(
      `RENAME TABLE ${table.name} TO passing_name, ${other.name} TO ${table.name}, passing_name TO ${other.name}`,
    );
    await work(table);
    await work(other);
    expect([await followHints(table), await followHints(other)]).toEqual([[], []]);
    await expectSettled(table);
    await expectSettled(other);
  });

  test('dropped and restored from a backup, with rows of old stamps', async () => {
    const table = await study(engine);
    await untilNextSecond(pipeline().source);
    await change(
      table,
      `DROP TABLE t; CREATE TABLE t (${COLUMNS}) ENGINE=${engine};
       INSERT INTO t VALUES (1, 'old', 1, '2020-01-01'), (2, 'old', 1, '2020-01-01'), (3, 'old', 1, '2020-01-01')`,
    );
    await work(table);
    const { copy } = await pipeline().run(table.name, ASKED);
    expect(copy).toMatchObject({ strategy: 'incremental', reason: expect.stringContaining('made anew or altered') });
    await expectSettled(table);
  });

  test('the engine becomes another one, and values change without a stamp', async () => {
    const table = await study(engine);
    await untilNextSecond(pipeline().source);
    const other = engine === 'MyISAM' ? 'InnoDB' : 'MyISAM';
    await change(table, `ALTER TABLE t ENGINE=${other}; UPDATE t SET X = 0, DateTStamp = DateTStamp WHERE Num = 9`);
    await work(table);
    expect(await followHints(table)).toEqual([]);
    await expectSettled(table);
  });
});

describe('another table of another form under the same name', () => {
  test('made anew with a column more and one less', async () => {
    const table = await study('MyISAM');
    await change(
      table,
      `DROP TABLE t; CREATE TABLE t (Num bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note varchar(40) NOT NULL, Y int, ${STAMP});
       INSERT INTO t VALUES (1, 'old', 1, '2020-01-01'), (2, 'old', 1, '2020-01-01')`,
    );
    await work(table);
    expect(await followHints(table)).toEqual(['copy SCHEMA_INCOMPATIBLE']);
    await expectSettled(table);
  });

  // judge-deletes.ts
  test('emptied: nothing is deleted until somebody says so', async () => {
    const table = await study('MyISAM');
    await untilNextSecond(pipeline().source);
    const before = await createdAt(table.name);
    await change(table, 'TRUNCATE TABLE t');
    // MySQL 8 and later do not count it as made anew: the digest that falls due finds it.
    const isMadeAnew = (await createdAt(table.name)) !== before;
    const asked = isMadeAnew ? ASKED : { ...ASKED, plan: { strategy: 'digest' } as const };
    expect(await followHints({ ...table, asked })).toEqual(['copy DELETE_CAP']);
    await expectSettled(table);
  });
});

// isBeingMoved in ensure-replica-table.ts
test('a table is not rebuilt from what OpenDental has moved back so far', async () => {
  const table = await study('MyISAM');
  const aside = `tempConv_${table.name}4711`;
  await change(
    table,
    `RENAME TABLE t TO ${aside}; CREATE TABLE t LIKE ${aside}; ALTER TABLE t DROP COLUMN X;
     INSERT INTO t SELECT Num, Note, DateTStamp FROM ${aside} WHERE Num < 5`,
  );
  const refused = await outcomeOf(pipeline().run(table.name, { ...ASKED, fullRefresh: true }));
  expect(refused).toMatchObject({
    code: 'SCHEMA_INCOMPATIBLE',
    hint: expect.stringMatching(/Wait until the upgrade is done, then run `tidemark run \S+ --full-refresh`/),
  });
  expect(await rowsInRaw(table.name)).toBe(12);
  await change(table, `REPLACE INTO t SELECT Num, Note, DateTStamp FROM ${aside}; DROP TABLE ${aside}`);
  await work(table);
  expect(await followHints(table)).toEqual(['copy SCHEMA_INCOMPATIBLE']);
  await expectSettled(table);
});

// refusePartialReplacement in copy-first.ts
describe('while OpenDental moves the table, no row leaves raw', () => {
  const form = `Num bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note varchar(40) NOT NULL, ${STAMP}`;
  const aside = (table: StudiedTable): string => `tempConv_${table.name}4711`;

  function setAside(table: StudiedTable): Promise<void> {
    return change(
      table,
      `RENAME TABLE t TO ${aside(table)}; CREATE TABLE t (${form}) ENGINE=MyISAM;
       INSERT INTO t SELECT Num, Note, DateTStamp FROM ${aside(table)} WHERE Num < 5`,
    );
  }

  async function expectMended(table: StudiedTable, told: readonly string[]): Promise<void> {
    expect(await rowsInRaw(table.name)).toBe(12);
    await change(table, `REPLACE INTO t SELECT Num, Note, DateTStamp FROM ${aside(table)}; DROP TABLE ${aside(table)}`);
    await work(table);
    expect(await followHints(table)).toEqual(told);
    await expectSettled(table);
  }

  // `digest` in copyDescribed of copy-table.ts
  test('it is not compared meanwhile, though it was made anew', async () => {
    const table = await studyTable(pipeline(), {
      name: `t_${tables}`,
      engine: 'MyISAM',
      column: 'int NULL',
      value: String,
    });
    await untilNextSecond(pipeline().source);
    await change(
      table,
      `RENAME TABLE t TO ${aside(table)}; CREATE TABLE t LIKE ${aside(table)};
       INSERT INTO t SELECT * FROM ${aside(table)} WHERE Num < 5`,
    );
    const { copy } = await pipeline().run(table.name, ASKED);
    expect(copy).toMatchObject({ counts: { rowsDeleted: 0 }, changes: { marksHeldBack: 1 } });
    expect(copy.reason).not.toContain('digest');
    await change(table, `REPLACE INTO t SELECT * FROM ${aside(table)}; DROP TABLE ${aside(table)}`);
    await work(table);
    expect(await followHints(table)).toEqual([]);
    await expectSettled(table);
  });

  test('though the replica table was lost', async () => {
    const table = await study('MyISAM');
    await pipeline().replica.exec(`DROP TABLE ${table.name}`);
    await setAside(table);
    expect(await outcomeOf(pipeline().run(table.name, ASKED))).toMatchObject({ code: 'TABLE_CHANGED_DURING_RUN' });
    expect(await outcomeOf(pipeline().load(table.name, ASKED))).toMatchObject({ code: 'COUNTS_DISAGREE' });
    await expectMended(table, []);
  });

  test('though it is built anew, and the move begins in the middle of that', async () => {
    const table = await study('MyISAM');
    await change(table, 'ALTER TABLE t DROP COLUMN X');
    await untilNextSecond(pipeline().source);
    {
      using reached = onPoint('copy.after-chunk-commit', table.name, async () => {
        if (reached.visits() === 1) await setAside(table);
      });
      expect(await outcomeOf(pipeline().run(table.name, { ...ASKED, fullRefresh: true }))).toMatchObject({
        code: 'TABLE_CHANGED_DURING_RUN',
      });
    }
    expect(await pipeline().load(table.name, ASKED)).toMatchObject({ status: 'skipped' });
    await expectMended(table, []);
  });
});

// mayInferDeletes in upgrade-signs.ts
test('DataBaseVersion changes during a run: nothing is taken for deleted, and the next run reads as much again', async () => {
  const table = await study('MyISAM');
  const withDigest = { ...ASKED, copy: { ...ASKED.copy, digestEverySeconds: 0 } };
  await pipeline().source.exec(`
    CREATE TABLE preference (PrefName varchar(255), ValueString text);
    INSERT INTO preference VALUES ('DataBaseVersion', '24.1.60.0')`);
  try {
    await pipeline().run(table.name, withDigest);
    await change(table, 'DELETE FROM t WHERE Num = 5');
    await work(table);
    {
      using _upgraded = onPoint('copy.staged', table.name, () =>
        pipeline().source.exec(`UPDATE preference SET ValueString = '24.3.10.0'`),
      );
      expect((await pipeline().run(table.name, withDigest)).copy).toMatchObject({
        counts: { rowsDeleted: 0, rowsInserted: 1, rowsUpdated: 2 },
        changes: { deletesHeldBack: 1, marksHeldBack: 1 },
      });
    }
    expect(await rowsInRaw(table.name)).toBe(13);
    expect((await pipeline().run(table.name, withDigest)).copy.counts.rowsDeleted).toBe(1);
  } finally {
    await pipeline().source.exec('DROP TABLE preference');
  }
  await expectSettled(table);
});
