import { numbers, pauseAt } from '@tidemark/testkit';
import { describe, expect, test } from 'vitest';

import { mysqlUser } from '../cuts/limited-users.ts';
import { sharedPipeline } from '../losses/shared-pipeline.ts';
import type { Asked } from '../pipeline.ts';

// A hard delete in the source on its way through both hops. docs/deletes.md names what each test guards.

const { pipeline } = sharedPipeline();

type Policy = 'remove' | 'flag' | 'ignore';
type Strategy = 'digest' | 'full_table';

const asked = (deletes: Policy, strategy: Strategy = 'digest'): Asked => ({
  plan: { strategy },
  copy: { deletes },
  load: { deletes },
});

/** A table of the practice with rows 1 to so many, through both hops. */
async function createVisits(table: string, rows: number, first: Asked): Promise<void> {
  await pipeline().source.exec(
    `CREATE TABLE ${table} (VisitNum bigint NOT NULL PRIMARY KEY, Note varchar(40)) ENGINE=MyISAM;
     INSERT INTO ${table} SELECT seq, CONCAT('note ', seq) FROM ${numbers(1, rows)}`,
  );
  await pipeline().run(table, first);
}

async function keysIn(where: 'replica' | 'warehouse', table: string): Promise<number[]> {
  const sql =
    where === 'replica'
      ? `SELECT CAST(VisitNum AS CHAR) AS k FROM ${table} ORDER BY VisitNum`
      : `SELECT "VisitNum"::text AS k FROM raw.${table} ORDER BY "VisitNum"`;
  return (await pipeline()[where].query<{ k: string }>(sql)).map(({ k }) => Number(k));
}

const marked = async (table: string): Promise<number[]> =>
  (
    await pipeline().warehouse.query<{ k: string }>(
      `SELECT "VisitNum"::text AS k FROM raw.${table} WHERE _tidemark_deleted_at IS NOT NULL ORDER BY "VisitNum"`,
    )
  ).map(({ k }) => Number(k));

const both = async (table: string): Promise<[number[], number[]]> => [
  await keysIn('replica', table),
  await keysIn('warehouse', table),
];

const ALL = [1, 2, 3, 4, 5];
const LEFT = [1, 3, 4, 5];

describe.each(['digest', 'full_table'] as const)('deletes, found by %s:', (strategy) => {
  test('remove takes the row out of replica and raw', async () => {
    const table = `removed_${strategy}`;
    await createVisits(table, 5, asked('remove', strategy));
    await pipeline().source.exec(`DELETE FROM ${table} WHERE VisitNum = 2`);
    const done = await pipeline().run(table, asked('remove', strategy));
    expect([done.copy.counts.rowsDeleted, done.load.counts.rowsDeleted]).toEqual([1, 1]);
    expect(await both(table)).toEqual([LEFT, LEFT]);
    await pipeline().expectEqual(table);
  });

  test('flag keeps it in raw and says when, until it is back', async () => {
    const table = `flagged_${strategy}`;
    await createVisits(table, 5, asked('flag', strategy));
    await pipeline().source.exec(`DELETE FROM ${table} WHERE VisitNum = 2`);
    await pipeline().run(table, asked('flag', strategy));
    expect(await both(table)).toEqual([LEFT, ALL]);
    expect(await marked(table)).toEqual([2]);
    await pipeline().source.exec(`INSERT INTO ${table} VALUES (2, 'note 2')`);
    await pipeline().run(table, asked('flag', strategy));
    expect(await both(table)).toEqual([ALL, ALL]);
    expect(await marked(table)).toEqual([]);
  });

  test('ignore keeps it everywhere, and it goes when the setting says remove', async () => {
    const table = `ignored_${strategy}`;
    await createVisits(table, 5, asked('ignore', strategy));
    await pipeline().source.exec(`DELETE FROM ${table} WHERE VisitNum = 2`);
    await pipeline().run(table, asked('ignore', strategy));
    expect(await both(table)).toEqual([ALL, ALL]);
    await pipeline().run(table, asked('remove', strategy));
    expect(await both(table)).toEqual([LEFT, LEFT]);
  });

  test('more than the cap go when they are allowed to, and not before', async () => {
    const table = `capped_${strategy}`;
    await createVisits(table, 1_500, asked('remove', strategy));
    await pipeline().source.exec(`DELETE FROM ${table} WHERE VisitNum > 499`);
    await expect(pipeline().copy(table, asked('remove', strategy))).rejects.toMatchObject({
      code: 'DELETE_CAP',
      hint: expect.stringContaining('--allow-deletes'),
    });
    await pipeline().load(table);
    expect((await both(table)).map((keys) => keys.length)).toEqual([1_500, 1_500]);
    await pipeline().run(table, { ...asked('remove', strategy), allowDeletes: true });
    expect((await both(table)).map((keys) => keys.length)).toEqual([499, 499]);
  });

  test('an empty source table deletes nothing', async () => {
    const table = `emptied_${strategy}`;
    await createVisits(table, 5, asked('remove', strategy));
    await pipeline().source.exec(`DELETE FROM ${table}`);
    await expect(pipeline().copy(table, asked('remove', strategy))).rejects.toMatchObject({ code: 'DELETE_CAP' });
    expect(await both(table)).toEqual([ALL, ALL]);
  });
});

describe('nothing is inferred', () => {
  test.each([
    ['of any table is being converted', 'CREATE TABLE tempConv_another_1 (x int)', 'DROP TABLE tempConv_another_1'],
    ['was set aside just now', 'CREATE TABLE temp_another_bak_1 (x int)', 'DROP TABLE temp_another_bak_1'],
    ['of a passing kind was made just now', 'CREATE TABLE tmp_another (x int)', 'DROP TABLE tmp_another'],
  ])('while a copy %s', async (_what, begin, end) => {
    const table = `upgrade_${/CREATE TABLE (\w+)/.exec(begin)?.[1] ?? ''}`.toLowerCase().replaceAll('tempconv', 'conv');
    await createVisits(table, 5, asked('remove'));
    await pipeline().source.exec(`DELETE FROM ${table} WHERE VisitNum = 2; ${begin}`);
    const held = await pipeline().run(table, asked('remove'));
    expect(held.copy).toMatchObject({ counts: { rowsDeleted: 0 }, changes: { deletesHeldBack: 1 } });
    expect(await both(table)).toEqual([ALL, ALL]);
    await pipeline().source.exec(end);
    await pipeline().run(table, asked('remove'));
    expect(await both(table)).toEqual([LEFT, LEFT]);
  });

  test.each([
    [
      'the version of the database changes',
      `UPDATE preference SET ValueString = '24.2' WHERE PrefName = 'DataBaseVersion'`,
    ],
    ['the table is replaced', 'RENAME TABLE during_1 TO gone_1; CREATE TABLE during_1 LIKE gone_1'],
  ])('when %s during the run', async (_what, sql) => {
    const table = sql.includes('during_1') ? 'during_1' : 'during_0';
    await pipeline().source.exec(
      `CREATE TABLE IF NOT EXISTS preference (PrefName varchar(99) PRIMARY KEY, ValueString text);
       REPLACE INTO preference VALUES ('DataBaseVersion', '24.1')`,
    );
    await createVisits(table, 5, asked('remove', 'full_table'));
    await pipeline().source.exec(`DELETE FROM ${table} WHERE VisitNum = 2; DO SLEEP(1.1)`);
    using pause = pauseAt('copy.staged', table);
    const running = pipeline().copy(table, asked('remove', 'full_table'));
    await pause.reached;
    await pipeline().source.exec(sql);
    pause.release();
    expect(await running).toMatchObject({
      counts: { rowsDeleted: 0 },
      changes: { deletesHeldBack: 1, marksHeldBack: 1 },
    });
    await pipeline().load(table);
    expect(await both(table)).toEqual([ALL, ALL]);
  });

  test('from a source table that cannot be read', async () => {
    await createVisits('unreadable', 5, asked('remove'));
    await pipeline().source.exec('DELETE FROM unreadable WHERE VisitNum = 2');
    const { endpoint } = pipeline().source;
    await using user = await mysqlUser(pipeline().source, [`SELECT (VisitNum) ON \`${endpoint.database}\`.unreadable`]);
    const source = { ...endpoint, user: user.user, password: user.password };
    await expect(pipeline().copy('unreadable', { ...asked('remove'), source })).rejects.toMatchObject({
      code: 'RIGHT_MISSING',
    });
    expect(await both('unreadable')).toEqual([ALL, ALL]);
  });

  test('from a source table that is not there', async () => {
    await createVisits('dropped', 5, asked('remove'));
    await pipeline().source.exec('DROP TABLE dropped');
    // Refused or skipped: what is asked here is only what is left.
    await Promise.allSettled([pipeline().run('dropped', asked('remove'))]);
    expect(await both('dropped')).toEqual([ALL, ALL]);
  });
});
