import { onPoint } from '@tidemark/testkit';
import { beforeEach, describe, expect, test } from 'vitest';

import type { Asked } from '../pipeline.ts';
import { sharedPipeline } from './shared-pipeline.ts';

const { pipeline, expectFollowed } = sharedPipeline();

const WITHOUT_LOOKBACK: Asked = { plan: { lookbackSeconds: { '*': 0 } } };

let tables = 0;
let table = '';

/** Copied and loaded once. */
beforeEach(async () => {
  tables += 1;
  table = `recall_${tables}`;
  await pipeline().source.exec(
    `CREATE TABLE ${table} (RecallNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note varchar(40),
       DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp) ENGINE=MyISAM;
     INSERT INTO ${table} VALUES (10, 'a', '2026-03-02 08:00:00'), (20, 'b', '2026-03-02 09:00:00'),
       (30, 'c', '2026-03-02 10:00:00')`,
  );
  await pipeline().run(table, WITHOUT_LOOKBACK);
});

/** A change whose stamp is `second` seconds after the last row's. */
async function change(recall: number, second: number): Promise<void> {
  await pipeline().source.exec(
    `UPDATE ${table} SET Note = 'changed', DateTStamp = '2026-03-02 10:00:00' + INTERVAL ${second} SECOND
      WHERE RecallNum = ${recall}`,
  );
}

/** What a state says of the data, without what every run writes. */
async function marks(hop: 'copy' | 'load') {
  const state = (await pipeline().states(table))[hop];
  return {
    watermarks: state?.watermarks,
    highestKey: state?.highestKey,
    rows: state?.rows,
    copySequence: state?.copySequence,
    sourceAsOf: state?.sourceAsOf,
    lastSucceededAt: state?.lastSucceededAt,
  };
}

describe('a run without changes', () => {
  // copy-changes.ts: the sequence and the watermarks stay where they are, the time of the success moves
  test('leaves marks and rows, is a success, and the next change is found', async () => {
    const before = await marks('copy');
    const { copy, load } = await expectFollowed(table, WITHOUT_LOOKBACK);
    expect([copy.counts.rowsUpdated, load.counts.rowsRead]).toEqual([0, 0]);
    const after = await marks('copy');
    expect(after).toMatchObject({ watermarks: before.watermarks, highestKey: '30', rows: 3, copySequence: '1' });
    expect(String(after.lastSucceededAt) > String(before.lastSucceededAt)).toBe(true);
    expect(String(after.sourceAsOf) > String(before.sourceAsOf)).toBe(true);
    await change(10, 1);
    await expectFollowed(table, WITHOUT_LOOKBACK);
  });

  test('that reads no row at all leaves them too', async () => {
    await pipeline().source.exec(`DELETE FROM ${table}`);
    const { copy } = await pipeline().run(table, WITHOUT_LOOKBACK);
    expect(copy.counts.rowsRead).toBe(0);
    expect((await marks('copy')).watermarks).toEqual({ DateTStamp: '2026-03-02 16:00:00' });
    await pipeline().source.exec(`INSERT INTO ${table} VALUES (40, 'new', '2026-03-02 10:00:01')`);
    const { load } = await pipeline().run(table, WITHOUT_LOOKBACK);
    expect(load.counts.rowsInserted).toBe(1);
  });
});

describe('the run after', () => {
  // record-failure.ts: a failure touches status and error, and no mark
  test.each([
    ['one failed copy', 'copy', 'copy.staged', 1],
    ['one copy that failed before its commit', 'copy', 'copy.before-commit', 1],
    ['three failed copies', 'copy', 'copy.before-commit', 3],
    ['one failed load', 'load', 'load.merged', 1],
    ['three failed loads', 'load', 'load.before-commit', 3],
  ] as const)('%s brings everything that changed meanwhile', async (_, hop, point, times) => {
    const before = await marks(hop);
    {
      using _failing = onPoint(point, table, 'fail');
      for (let time = 1; time <= times; time += 1) {
        await change(10 * time, time);
        await expect(pipeline().run(table, WITHOUT_LOOKBACK)).rejects.toMatchObject({ code: 'INTERNAL' });
      }
    }
    const state = (await pipeline().states(table))[hop];
    expect(state).toMatchObject({ status: 'failed', lastError: 'INTERNAL', consecutiveFailures: times });
    expect(await marks(hop)).toEqual(before);
    // Stamped earlier than what the failed copies had read.
    if (hop === 'copy') await pipeline().source.exec(`INSERT INTO ${table} VALUES (5, 'new', '2026-03-02 10:00:00')`);
    await pipeline().run(table, WITHOUT_LOOKBACK);
    await pipeline().expectEqual(table);
    expect((await pipeline().states(table))[hop]).toMatchObject({ status: 'success', consecutiveFailures: 0 });
  });

  // next-marks.ts: a full run leaves watermarks and highest key behind, as every other does
  test('a full refresh is incremental: the marks did not become NULL', async () => {
    const { copy, load } = await pipeline().run(table, { ...WITHOUT_LOOKBACK, fullRefresh: true });
    expect([copy.strategy, load.strategy]).toEqual(['full_table', 'full_table']);
    expect(await marks('copy')).toMatchObject({ watermarks: { DateTStamp: '2026-03-02 16:00:00' }, highestKey: '30' });
    expect(await marks('load')).toMatchObject({ watermarks: { DateTStamp: '2026-03-02 16:00:00' }, highestKey: '30' });
    await change(20, 0);
    await pipeline().source.exec(`INSERT INTO ${table} VALUES (40, 'new', 0)`);
    await expectFollowed(table, WITHOUT_LOOKBACK);
  });

  // next-marks.ts: the highest key starts anew after a full read
  test('a full refresh of a source that was set back finds the keys that are given out again', async () => {
    await pipeline().source.exec(`DELETE FROM ${table} WHERE RecallNum = 30; ALTER TABLE ${table} AUTO_INCREMENT = 21`);
    await pipeline().run(table, { ...WITHOUT_LOOKBACK, fullRefresh: true });
    await pipeline().source.exec(`INSERT INTO ${table} (Note, DateTStamp) VALUES ('again', 0)`);
    await expectFollowed(table, WITHOUT_LOOKBACK);
  });

  test('a full refresh that failed is a full refresh only if asked', async () => {
    {
      using _failing = onPoint('copy.before-commit', table, 'fail');
      await expect(pipeline().copy(table, { ...WITHOUT_LOOKBACK, fullRefresh: true })).rejects.toThrow();
    }
    await change(20, 1);
    await expectFollowed(table, WITHOUT_LOOKBACK);
  });
});
