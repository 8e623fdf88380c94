import { beforeEach, describe, expect, test } from 'vitest';

import type { Asked } from '../pipeline.ts';
import { sharedPipeline } from './shared-pipeline.ts';

const { pipeline, expectFollowed } = sharedPipeline();

/** No lookback: what is found here is found by the watermark itself. */
function by(...incrementalColumns: string[]): Asked {
  return { plan: { incrementalColumns, lookbackSeconds: { '*': 0 } } };
}

let visits = 0;
let table = '';

/** Three rows, copied and loaded by the test itself. All times are wall clock of the source. */
beforeEach(async () => {
  visits += 1;
  table = `visit_${visits}`;
  await pipeline().source.exec(
    `CREATE TABLE ${table} (VisitNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note varchar(40) NOT NULL,
       AptDateTime datetime NOT NULL DEFAULT '0001-01-01 00:00:00', SecDateTEdit datetime NULL,
       DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp) ENGINE=MyISAM;
     INSERT INTO ${table} (VisitNum, Note, AptDateTime, SecDateTEdit, DateTStamp) VALUES
       (10, 'a', '2026-02-03 09:00:00', '2026-03-02 08:00:00', '2026-03-02 11:59:00'),
       (20, 'b', '2026-02-03 10:00:00', '2026-03-02 09:00:00', '2026-03-02 12:00:00'),
       (30, 'c', '2026-02-03 11:00:00', '2026-03-02 10:00:00', '2026-03-02 12:00:00')`,
  );
});

describe('ties in the second of the watermark', () => {
  // build-predicate.ts: the operator of a stamp's branch is `>=`
  test('an update and a new row below the highest key', async () => {
    await pipeline().run(table, by('DateTStamp'));
    await pipeline().source.exec(
      `UPDATE ${table} SET Note = 'tie', DateTStamp = '2026-03-02 12:00:00' WHERE VisitNum = 10;
       INSERT INTO ${table} (VisitNum, Note, DateTStamp) VALUES (15, 'tie', '2026-03-02 12:00:00')`,
    );
    const { copy } = await expectFollowed(table, by('DateTStamp'));
    expect(copy.counts).toMatchObject({ rowsRead: 4, rowsInserted: 1, rowsUpdated: 1 });
  });
});

describe('an update that shows in one incremental column only', () => {
  const columns = by('DateTStamp', 'SecDateTEdit', 'AptDateTime');
  // build-predicate.ts: every column has a branch, joined by OR
  test.each([
    ['the first', `DateTStamp = '2026-03-02 12:00:05'`],
    ['the second', `SecDateTEdit = '2026-03-02 10:00:05', DateTStamp = DateTStamp`],
    ['the third', `AptDateTime = '2026-02-03 11:00:05', DateTStamp = DateTStamp`],
  ])('%s', async (_, moved) => {
    await pipeline().run(table, columns);
    await pipeline().source.exec(`UPDATE ${table} SET Note = 'moved', ${moved} WHERE VisitNum = 10`);
    const { load } = await expectFollowed(table, columns);
    expect(load.counts.rowsUpdated).toBe(1);
  });

  test('also where every column has an index, and each is read by a statement of its own', async () => {
    await pipeline().source.exec(`ALTER TABLE ${table} ADD KEY (DateTStamp), ADD KEY (SecDateTEdit)`);
    const indexed = by('DateTStamp', 'SecDateTEdit');
    await pipeline().run(table, indexed);
    await pipeline().source.exec(
      `UPDATE ${table} SET Note = 'one', DateTStamp = '2026-03-02 12:00:05' WHERE VisitNum = 10;
       UPDATE ${table} SET Note = 'two', SecDateTEdit = '2026-03-02 10:00:05', DateTStamp = DateTStamp
        WHERE VisitNum = 20`,
    );
    await expectFollowed(table, indexed);
  });
});

describe('incremental columns without a value', () => {
  const columns = by('SecDateTEdit', 'AptDateTime');

  test('new rows are found by their key', async () => {
    // build-predicate.ts: keyBranch; advance-watermarks.ts: the lowest value where none was seen, or the run is full
    await pipeline().source.exec(`UPDATE ${table} SET SecDateTEdit = NULL, AptDateTime = '0001-01-01 00:00:00'`);
    await pipeline().run(table, columns);
    await pipeline().source.exec(
      `INSERT INTO ${table} (Note) VALUES ('new'); INSERT INTO ${table} (Note, AptDateTime) VALUES ('new', 0)`,
    );
    const { copy } = await expectFollowed(table, columns);
    expect(copy.counts).toMatchObject({ rowsRead: 2, rowsInserted: 2 });
  });

  test('the first real value in a column that was all NULL is found', async () => {
    await pipeline().source.exec(`UPDATE ${table} SET SecDateTEdit = NULL`);
    await pipeline().run(table, columns);
    await pipeline().source.exec(
      `UPDATE ${table} SET Note = 'first', SecDateTEdit = '1999-12-31 23:59:59' WHERE VisitNum = 10`,
    );
    await expectFollowed(table, columns);
  });
});

// choose-columns.ts: the key is never an incremental column; key-columns.ts: a key is compared as BIGINT
test('random keys that come in no order, beyond 2^53', async () => {
  await pipeline().source.exec(
    `INSERT INTO ${table} (VisitNum, Note, DateTStamp) VALUES
       (9007199254740993, 'r', '2026-03-02 12:00:00'), (7300000000000000001, 'r', '2026-03-02 12:00:00')`,
  );
  await pipeline().run(table, by('VisitNum', 'DateTStamp'));
  await pipeline().source.exec(
    `INSERT INTO ${table} (VisitNum, Note, DateTStamp) VALUES
       (9007199254740992, 'below', '2026-03-02 12:00:01'), (5, 'below', '2026-03-02 12:00:02'),
       (7300000000000000002, 'above', '2026-03-01 00:00:00')`,
  );
  const { copy } = await expectFollowed(table, by('VisitNum', 'DateTStamp'));
  expect(copy.counts.rowsInserted).toBe(3);
});

describe('business dates', () => {
  // observe-column.ts: a value later than the snapshot does not count; snapshot-cap.ts
  test('a future one does not carry the watermark away', async () => {
    await pipeline().source.exec(
      `INSERT INTO ${table} (Note, AptDateTime, DateTStamp) VALUES
         ('next year', NOW() + INTERVAL 1 YEAR, '2026-03-02 12:00:00'),
         ('typing error', '2999-01-01 09:00:00', '2026-03-02 12:00:00'),
         ('never', '9999-12-31 23:59:59', NOW() + INTERVAL 1 DAY)`,
    );
    const columns = by('AptDateTime', 'DateTStamp');
    await pipeline().run(table, columns);
    const { copy } = await pipeline().states(table);
    // The source's zone is six hours behind UTC in winter.
    expect(copy?.watermarks).toEqual({ AptDateTime: '2026-02-03 11:00:00', DateTStamp: '2026-03-02 18:00:00' });
    await pipeline().source.exec(
      `UPDATE ${table} SET Note = 'moved', AptDateTime = '2026-02-03 11:00:01', DateTStamp = DateTStamp
        WHERE VisitNum = 10;
       UPDATE ${table} SET Note = 'stamped', DateTStamp = '2026-03-02 12:00:01' WHERE VisitNum = 20`,
    );
    await expectFollowed(table, columns);
  });

  // advance-watermarks.ts: a watermark is never lower than before
  test('a back-dated one does not draw the watermark back, and the change is found by another column', async () => {
    const columns = by('AptDateTime', 'DateTStamp');
    await pipeline().run(table, columns);
    await pipeline().source.exec(
      `UPDATE ${table} SET AptDateTime = '1994-06-01 00:00:00', DateTStamp = '2026-03-02 12:00:01'
        WHERE VisitNum > 10`,
    );
    await expectFollowed(table, columns);
    expect((await pipeline().states(table)).copy?.watermarks['AptDateTime']).toBe('2026-02-03 11:00:00');
  });
});

describe('precision', () => {
  // parse-cursor-value.ts, cursor-value.ts: fractions are kept and compared as they are, never through a Date
  test.each([
    ['datetime(6)', '2026-03-02 12:00:00.000002', '2026-03-02 12:00:00.000003', '2026-03-02 12:00:00.000002'],
    ['timestamp(6)', '2026-03-02 12:00:00.999998', '2026-03-02 12:00:00.999999', '2026-03-02 18:00:00.999998'],
    ['datetime(3)', '2026-03-02 12:00:00.007', '2026-03-02 12:00:00.008', '2026-03-02 12:00:00.007'],
    ['datetime', '2026-03-02 12:00:00', '2026-03-02 12:00:01', '2026-03-02 12:00:00'],
    ['timestamp', '2026-03-02 12:00:00', '2026-03-02 12:00:01', '2026-03-02 18:00:00'],
    ['date', '2026-03-02', '2026-03-03', '2026-03-02'],
  ])('of %s: the same value again and the next one', async (type, same, next, watermark) => {
    await pipeline().source.exec(
      `CREATE TABLE ${table}_p (Num bigint NOT NULL PRIMARY KEY, Note varchar(9), Moved ${type} NULL) ENGINE=MyISAM;
       INSERT INTO ${table}_p VALUES (10, 'a', '2026-02-01'), (20, 'b', '${same}')`,
    );
    await pipeline().run(`${table}_p`, by('Moved'));
    expect((await pipeline().states(`${table}_p`)).copy?.watermarks).toEqual({ Moved: watermark });
    await pipeline().source.exec(
      `UPDATE ${table}_p SET Note = 'same', Moved = '${same}' WHERE Num = 10;
       INSERT INTO ${table}_p VALUES (5, 'next', '${next}')`,
    );
    const { copy } = await expectFollowed(`${table}_p`, by('Moved'));
    expect(copy.counts).toMatchObject({ rowsRead: 3, rowsInserted: 1, rowsUpdated: 1 });
  });
});
