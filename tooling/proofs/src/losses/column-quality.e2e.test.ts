import { onPoint } from '@tidemark/testkit';
import { beforeEach, describe, expect, test } from 'vitest';

import type { Asked } from '../pipeline.ts';
import { sharedPipeline } from './shared-pipeline.ts';

const { pipeline, expectFollowed } = sharedPipeline();

const SKIP: Asked = {
  plan: { incrementalColumns: ['DateTStamp', 'Reviewed'], columnQuality: 'skip', lookbackSeconds: { '*': 0 } },
};
const KEEP: Asked = { plan: { ...SKIP.plan, columnQuality: 'keep' } };

let tables = 0;
let table = '';

/** Reviewed holds nothing but sentinels. */
beforeEach(async () => {
  tables += 1;
  table = `rx_${tables}`;
  await pipeline().source.exec(
    `CREATE TABLE ${table} (RxNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note varchar(40),
       Reviewed datetime NOT NULL DEFAULT '0001-01-01 00:00:00', DateTStamp datetime NULL) ENGINE=MyISAM;
     INSERT INTO ${table} (Note, DateTStamp) VALUES ('a', '2026-03-01'), ('b', '2026-03-02'), ('c', '2026-03-03')`,
  );
});

const review = (rx: number): Promise<void> =>
  pipeline().source.exec(`UPDATE ${table} SET Note = 'reviewed', Reviewed = '2026-03-02 10:00:00' WHERE RxNum = ${rx}`);

const STAMP_ONLY = 'Rows where DateTStamp moved since the last run, and new keys in RxNum.';
const BOTH = 'Rows where DateTStamp or Reviewed moved since the last run, and new keys in RxNum.';

describe('column_quality: skip', () => {
  // plan-copy.ts: `observations` of the last success; next-marks.ts: rememberQuality
  test('drops a column that held only sentinels, and what was seen stands in the record', async () => {
    await pipeline().run(table, SKIP);
    expect((await pipeline().states(table)).copy?.columnQuality).toEqual([
      { column: 'DateTStamp', values: 3, nulls: 0, sentinels: 0, outOfRange: 0, future: 0 },
      { column: 'Reviewed', values: 3, nulls: 0, sentinels: 3, outOfRange: 0, future: 0 },
    ]);
    await pipeline().source.exec(`UPDATE ${table} SET Note = 'x', DateTStamp = '2026-03-04' WHERE RxNum = 1`);
    const { copy } = await expectFollowed(table, SKIP);
    expect(copy.reason).toBe(STAMP_ONLY);
  });

  // remember-quality.ts: a run that saw no value says nothing
  test('keeps it dropped over runs that read nothing and runs that fail', async () => {
    await pipeline().run(table, SKIP);
    await pipeline().source.exec(`UPDATE ${table} SET DateTStamp = DateTStamp - INTERVAL 1 YEAR`);
    for (const asked of [SKIP, KEEP]) expect((await pipeline().copy(table, asked)).counts.rowsRead).toBe(0);
    {
      using _failing = onPoint('copy.before-commit', table, 'fail');
      await expect(pipeline().copy(table, SKIP)).rejects.toThrow();
    }
    expect((await pipeline().copy(table, SKIP)).reason).toBe(STAMP_ONLY);
  });

  // advance-watermarks.ts: the watermark of a column that was left out stays where it was
  test('misses what shows there only, and finds it when a full read has seen the column good', async () => {
    await pipeline().run(table, SKIP);
    await review(1);
    await pipeline().run(table, SKIP);
    await expect(pipeline().expectEqual(table)).rejects.toThrow();
    await pipeline().run(table, { ...SKIP, fullRefresh: true });
    await pipeline().expectEqual(table);
    await review(2);
    const { copy } = await expectFollowed(table, SKIP);
    expect(copy.reason).toBe(BOTH);
  });

  // plan.ts: withoutColumns
  test('left without a column, compares the table whole and says so', async () => {
    const only: Asked = { plan: { ...SKIP.plan, incrementalColumns: ['Reviewed'] } };
    await pipeline().run(table, only);
    await pipeline().source.exec(`UPDATE ${table} SET Note = 'x' WHERE RxNum = 1`);
    const { copy } = await pipeline().run(table, only);
    expect(copy).toMatchObject({
      strategy: 'full_table',
      reason: 'No incremental column can be used: Reviewed (it held only sentinel dates in the last run).',
    });
    await pipeline().expectEqual(table);
  });
});

// choose-columns.ts: the default policy drops no column
test('column_quality: keep finds the first real value in such a column', async () => {
  await pipeline().run(table, KEEP);
  await review(1);
  const { copy } = await expectFollowed(table, KEEP);
  expect(copy.reason).toBe(BOTH);
});
