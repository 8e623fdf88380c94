import { beforeEach, describe, expect, test } from 'vitest';

import type { Asked } from '../pipeline.ts';
import { sharedPipeline } from './shared-pipeline.ts';

const { pipeline } = sharedPipeline();

const WITHOUT_LOOKBACK: Asked = { plan: { lookbackSeconds: { '*': 0 } } };

let tables = 0;
let table = '';

/** Copied and loaded, and a row changed since. */
beforeEach(async () => {
  tables += 1;
  table = `task_${tables}`;
  await pipeline().source.exec(
    `CREATE TABLE ${table} (TaskNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note varchar(40),
       DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp) ENGINE=MyISAM;
     INSERT INTO ${table} VALUES (10, 'a', '2026-03-02 08:00:00'), (20, 'b', '2026-03-02 09:00:00'),
       (30, 'c', '2026-03-02 10:00:00')`,
  );
  await pipeline().run(table, WITHOUT_LOOKBACK);
});

const update = (): Promise<void> => pipeline().source.exec(`UPDATE ${table} SET Note = 'changed' WHERE TaskNum = 20`);

describe('the replica table', () => {
  // copy-table.ts: replicaIsNew. plan-load.ts: !buildsOnLastLoad
  test.each([
    ['dropped', 'DROP TABLE'],
    ['truncated', 'TRUNCATE'],
    ['emptied', 'DELETE FROM'],
  ])('%s: both hops start again, and rows deleted meanwhile do not stay in raw', async (_, statement) => {
    await update();
    await pipeline().source.exec(`DELETE FROM ${table} WHERE TaskNum = 10`);
    await pipeline().replica.exec(`${statement} ${table}`);
    const { copy, load } = await pipeline().run(table, WITHOUT_LOOKBACK);
    expect(copy).toMatchObject({ strategy: 'full_table', counts: { rowsRead: 2, rowsInserted: 2 } });
    expect(load).toMatchObject({ strategy: 'full_table', counts: { rowsDeleted: 1 } });
    await pipeline().expectEqual(table);
  });

  // merge-raw.ts: requireRows
  test('emptied, and a full load before the next copy: refused, and raw stays', async () => {
    await pipeline().replica.exec(`TRUNCATE ${table}`);
    await expect(pipeline().load(table, { fullRefresh: true })).rejects.toMatchObject({ code: 'COUNTS_DISAGREE' });
    expect(await pipeline().warehouse.query(`SELECT * FROM raw.${table}`)).toHaveLength(3);
  });

  // find-replica-table.ts: nothing to load from is said, and is no success
  test('dropped, and a load before the next copy: skipped, and raw stays', async () => {
    await pipeline().replica.exec(`DROP TABLE ${table}`);
    expect(await pipeline().load(table)).toMatchObject({ status: 'skipped' });
    expect(await pipeline().warehouse.query(`SELECT * FROM raw.${table}`)).toHaveLength(3);
  });

  // ensure-replica-table.ts: every row bears the sequence of the run that gives it one again
  test('robbed of its copy sequence before its changes were loaded', async () => {
    await update();
    await pipeline().copy(table, WITHOUT_LOOKBACK);
    await pipeline().replica.exec(`ALTER TABLE ${table} DROP COLUMN _tidemark_seq`);
    const { load } = await pipeline().run(table, WITHOUT_LOOKBACK);
    expect(load).toMatchObject({ strategy: 'full_table', counts: { rowsUpdated: 1 } });
    await pipeline().expectEqual(table);
  });

  // find-differences.ts
  test('robbed of a row and changed in another: the next digest mends it', async () => {
    await pipeline().replica.exec(
      `DELETE FROM ${table} WHERE TaskNum = 10; UPDATE ${table} SET Note = 'x' WHERE TaskNum = 20`,
    );
    const { copy } = await pipeline().run(table, { plan: { strategy: 'digest' } });
    expect(copy.counts).toMatchObject({ rowsInserted: 1, rowsUpdated: 1 });
    await pipeline().expectEqual(table);
  });
});

describe('the raw table', () => {
  // plan-load.ts: whyEverything, asked before "nothing has changed"
  test.each([
    ['dropped', 'DROP TABLE', 'The raw table is gone.'],
    ['truncated', 'TRUNCATE', 'The raw table was emptied.'],
    ['emptied', 'DELETE FROM', 'The raw table was emptied.'],
  ])('%s: the load starts again', async (_, statement, reason) => {
    await update();
    await pipeline().warehouse.exec(`${statement} raw.${table}`);
    const { copy, load } = await pipeline().run(table, WITHOUT_LOOKBACK);
    expect(copy.strategy).toBe('incremental');
    expect(load).toMatchObject({ strategy: 'full_table', reason, counts: { rowsInserted: 3 } });
    await pipeline().expectEqual(table);
  });

  test('emptied while the source did not change', async () => {
    await pipeline().warehouse.exec(`TRUNCATE raw.${table}`);
    const { load } = await pipeline().run(table, WITHOUT_LOOKBACK);
    expect(load.counts.rowsInserted).toBe(3);
    await pipeline().expectEqual(table);
  });
});

describe('the records', () => {
  // plan-copy.ts: lastSuccess; copy-changes.ts compares, it does not write all anew
  test('of the copy lost: compared with the replica from the start, unchanged rows not rewritten', async () => {
    await update();
    await pipeline().replica.exec(`DELETE FROM etl_copy_status WHERE table_name = '${table}'`);
    const { copy } = await pipeline().run(table, WITHOUT_LOOKBACK);
    expect(copy).toMatchObject({
      strategy: 'full_table',
      counts: { rowsUpdated: 1, rowsInserted: 0, rowsUnchanged: 2 },
    });
    await pipeline().expectEqual(table);
  });

  // plan-load.ts: FIRST_LOAD of a raw table that holds rows is a merge
  test('of the load lost: merged from the start', async () => {
    await update();
    await pipeline().warehouse.exec(`DELETE FROM raw.etl_load_status WHERE table_name = '${table}'`);
    const { load } = await pipeline().run(table, WITHOUT_LOOKBACK);
    expect(load).toMatchObject({
      strategy: 'full_table',
      counts: { rowsUpdated: 1, rowsInserted: 0, rowsUnchanged: 2 },
    });
    await pipeline().expectEqual(table);
  });

  test('of the copy lost, and several copies before the next load', async () => {
    await pipeline().source.exec(`UPDATE ${table} SET Note = 'second' WHERE TaskNum = 30`);
    await pipeline().run(table, WITHOUT_LOOKBACK);
    await pipeline().replica.exec(`DELETE FROM etl_copy_status WHERE table_name = '${table}'`);
    for (const task of [10, 20, 10]) {
      await pipeline().source.exec(`UPDATE ${table} SET Note = CONCAT(Note, '!') WHERE TaskNum = ${task}`);
      await pipeline().copy(table, WITHOUT_LOOKBACK);
    }
    await pipeline().load(table);
    await pipeline().expectEqual(table);
  });

  test('and rows of the copy lost, and several copies before the next load', async () => {
    await pipeline().source.exec(`UPDATE ${table} SET Note = 'second' WHERE TaskNum = 30`);
    await pipeline().run(table, WITHOUT_LOOKBACK);
    await pipeline().replica.exec(`DROP TABLE ${table}; DELETE FROM etl_copy_status WHERE table_name = '${table}'`);
    for (const task of [10, 20, 10]) {
      await pipeline().source.exec(`UPDATE ${table} SET Note = CONCAT(Note, '!') WHERE TaskNum = ${task}`);
      await pipeline().copy(table, WITHOUT_LOOKBACK);
    }
    await pipeline().load(table);
    await pipeline().expectEqual(table);
  });
});

// apply-stage.ts: every column is listed, the ON UPDATE stamp too
test('a replica table with an ON UPDATE stamp of its own is not stamped by it', async () => {
  await pipeline().replica.exec(
    `ALTER TABLE ${table} MODIFY DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp`,
  );
  await pipeline().source.exec(
    `UPDATE ${table} SET Note = 'kept', DateTStamp = DateTStamp WHERE TaskNum = 20;
     UPDATE ${table} SET Note = 'moved', DateTStamp = '2026-03-02 10:00:01' WHERE TaskNum = 10`,
  );
  const { copy } = await pipeline().run(table, { plan: { strategy: 'digest' } });
  expect(copy.counts.rowsUpdated).toBe(2);
  await pipeline().expectEqual(table);
});
