import { onPoint } from '@tidemark/testkit';
import { beforeEach, describe, expect, test } from 'vitest';

import { untilNextSecond } from '../losses/second-session.ts';
import { sharedPipeline } from '../losses/shared-pipeline.ts';
import { MENDS } from './mends.ts';
import { outcomeOf } from './outcome-of.ts';
import { ASKED, createSheets, expectTold, SHEET_COLUMNS, standing, WITH_DIGEST } from './sheets.ts';

const { pipeline } = sharedPipeline();

let tables = 0;
let table = '';

beforeEach(async () => {
  tables += 1;
  table = `sheet_${tables}`;
  await createSheets(pipeline(), table);
});

const MOMENTS = [
  { moment: 'after the first chunk of a first copy', point: 'copy.after-chunk-commit', isFirst: true },
  { moment: 'before the first row of an incremental read', point: 'copy.run-recorded', isFirst: false },
  { moment: 'after the last row of an incremental read', point: 'copy.staged', isFirst: false },
] as const;

type Moment = (typeof MOMENTS)[number];

/** What was read is read; before, columns are gone, or values come that the replica's type cannot hold. */
const unlessRead =
  (code: string) =>
  ({ point }: Moment) =>
    point === 'copy.staged' ? null : code;
/** Nobody knows which rows were read before a column got another type. */
const always = (code: string) => () => code;
const never = () => null;

interface Act {
  readonly act: string;
  /** `t` stands for the table. */
  readonly sql: string;
  /** The code with which the run fails that is under way. */
  readonly fails: (moment: Moment) => string | null;
  readonly mend: keyof typeof MENDS;
}

const ACTS: readonly Act[] = [
  {
    act: 'a column is added and filled, and no stamp moves',
    sql: `ALTER TABLE t ADD COLUMN Room smallint NOT NULL DEFAULT 5; UPDATE t SET Room = 7, DateTStamp = DateTStamp WHERE SheetNum < 9`,
    fails: never,
    mend: 'next run',
  },
  {
    act: 'a column is dropped',
    sql: 'ALTER TABLE t DROP COLUMN Note',
    fails: unlessRead('TABLE_CHANGED_DURING_RUN'),
    mend: 'full refresh',
  },
  {
    act: 'a type is widened, with values that the old one cannot hold, and no stamp moves',
    sql: `ALTER TABLE t MODIFY Pages int NOT NULL; UPDATE t SET Pages = 100000, DateTStamp = DateTStamp WHERE SheetNum > 2`,
    fails: always('TABLE_CHANGED_DURING_RUN'),
    mend: 'next run',
  },
  {
    act: 'a type becomes another one',
    sql: 'ALTER TABLE t MODIFY Note int NULL',
    fails: always('TABLE_CHANGED_DURING_RUN'),
    mend: 'full refresh',
  },
  {
    act: 'the key becomes another one',
    sql: 'ALTER TABLE t MODIFY SheetNum bigint NOT NULL, DROP PRIMARY KEY, ADD PRIMARY KEY (Pages)',
    fails: never,
    mend: 'full refresh',
  },
  {
    act: 'the table is renamed',
    sql: 'RENAME TABLE t TO t_away',
    fails: unlessRead('TABLE_CHANGED_DURING_RUN'),
    mend: 'named again',
  },
  {
    act: 'the table is emptied, and other rows with old stamps are put in',
    sql: `TRUNCATE TABLE t; INSERT INTO t VALUES (2, 'other', 1, '2020-01-01'), (100, 'other', 1, '2020-01-01')`,
    fails: never,
    mend: 'next digest',
  },
  {
    act: 'the table is dropped and restored, with other rows of old stamps',
    sql: `DROP TABLE t; CREATE TABLE t (${SHEET_COLUMNS}) ENGINE=InnoDB;
      INSERT INTO t VALUES (2, 'old', 1, '2020-01-01'), (9, 'old', 1, '2020-01-01'), (100, 'old', 1, '2020-01-01')`,
    fails: never,
    mend: 'next digest',
  },
];

// structure-fingerprint.ts (recorded as it was read), reconcile-replica.ts, driver-codes.ts, tracked-session.ts
describe.each(MOMENTS)('$moment', (moment) => {
  test.each(ACTS)('$act', async ({ sql, fails, mend }) => {
    if (!moment.isFirst) {
      await pipeline().run(table, ASKED);
      await pipeline().source.exec(`UPDATE ${table} SET Note = 'changed' WHERE SheetNum IN (3, 21)`);
    }
    const before = await pipeline().states(table);
    {
      using reached = onPoint(moment.point, table, async () => {
        if (reached.visits() === 1) await pipeline().source.exec(sql.replaceAll(/\bt(?=\b|_away)/g, table));
      });
      const outcome = await outcomeOf(pipeline().copy(table, ASKED));
      expect(outcome.code).toBe(fails(moment));
      await expectTold(pipeline(), 'copy', { table, before: before.copy, outcome });
    }
    await pipeline().load(table, ASKED);
    await MENDS[mend](pipeline(), table);
    await pipeline().expectEqual(table);
    expect((await pipeline().run(table, ASKED)).copy).toMatchObject({ strategy: 'incremental' });
  });
});

// upgrade-signs.ts, hold-marks.ts and the last line of the commit in copy-changes.ts and copy-first.ts
describe('OpenDental moves a table to another form: aside, made anew, and its rows back by and by', () => {
  const aside = (): string => `tempConv_${table}81237`;

  async function begin(rowsBack: string): Promise<void> {
    await pipeline().source.exec(
      `RENAME TABLE ${table} TO ${aside()}; CREATE TABLE ${table} LIKE ${aside()};
       INSERT INTO ${table} SELECT * FROM ${aside()} WHERE ${rowsBack}`,
    );
  }

  async function end(): Promise<void> {
    await pipeline().source.exec(`REPLACE INTO ${table} SELECT * FROM ${aside()}; DROP TABLE ${aside()}`);
  }

  test('a run meanwhile: the watermark stays below the rows that were not there', async () => {
    await pipeline().run(table, ASKED);
    await pipeline().source.exec(
      `UPDATE ${table} SET Note = 'changed first', DateTStamp = '2026-03-01' WHERE SheetNum = 9;
       UPDATE ${table} SET Note = 'changed last', DateTStamp = '2026-03-05' WHERE SheetNum = 3`,
    );
    const { copy: before } = await pipeline().states(table);
    await begin('SheetNum < 5');
    const { copy } = await pipeline().run(table, ASKED);
    expect(copy).toMatchObject({ counts: { rowsUpdated: 1, rowsDeleted: 0 }, changes: { marksHeldBack: 1 } });
    const { copy: after } = await pipeline().states(table);
    expect({ ...standing(after) }).toMatchObject({ watermarks: before?.watermarks, sourceAsOf: before?.sourceAsOf });
    await end();
    expect((await pipeline().run(table, ASKED)).copy).toMatchObject({ strategy: 'incremental', changes: {} });
    await pipeline().expectEqual(table);
    expect((await pipeline().states(table)).copy?.watermarks).toEqual({ DateTStamp: '2026-03-05 06:00:00' });
  });

  test('a digest meanwhile: it takes nothing for deleted, and the next run makes it again', async () => {
    await pipeline().run(table, WITH_DIGEST);
    const { copy: before } = await pipeline().states(table);
    await pipeline().source.exec(`UPDATE ${table} SET Note = 'silent', DateTStamp = DateTStamp WHERE SheetNum = 9`);
    await begin('SheetNum < 5');
    expect((await pipeline().run(table, WITH_DIGEST)).copy.counts.rowsDeleted).toBe(0);
    expect((await pipeline().states(table)).copy?.digestedAt).toBe(before?.digestedAt);
    await end();
    await pipeline().run(table, WITH_DIGEST);
    await pipeline().expectEqual(table);
  });

  test('a first copy meanwhile: the next run reads everything again', async () => {
    await begin('SheetNum < 5');
    expect((await pipeline().run(table, ASKED)).copy).toMatchObject({
      counts: { rowsInserted: 2 },
      changes: { marksHeldBack: 1 },
    });
    await end();
    expect((await pipeline().run(table, ASKED)).copy).toMatchObject({ strategy: 'full_table', changes: {} });
    await pipeline().expectEqual(table);
    expect((await pipeline().run(table, ASKED)).copy.strategy).toBe('incremental');
  });

  test('it begins in the middle of a first copy', async () => {
    {
      using reached = onPoint('copy.after-chunk-commit', table, async () => {
        if (reached.visits() === 1) await begin('SheetNum < 5');
      });
      expect((await pipeline().run(table, ASKED)).copy.changes).toEqual({ marksHeldBack: 1 });
    }
    await end();
    await pipeline().run(table, ASKED);
    await pipeline().expectEqual(table);
  });

  test('with a column more: a full read meanwhile does not count as one of the new form', async () => {
    await pipeline().run(table, ASKED);
    await pipeline().source.exec(
      `RENAME TABLE ${table} TO ${aside()};
       CREATE TABLE ${table} (${SHEET_COLUMNS}, Room int NOT NULL DEFAULT 5) ENGINE=MyISAM;
       INSERT INTO ${table} SELECT *, 7 FROM ${aside()} WHERE SheetNum < 5`,
    );
    expect((await pipeline().run(table, ASKED)).copy).toMatchObject({
      strategy: 'full_table',
      counts: { rowsDeleted: 0 },
    });
    await pipeline().source.exec(`REPLACE INTO ${table} SELECT *, 7 FROM ${aside()}; DROP TABLE ${aside()}`);
    expect((await pipeline().run(table, ASKED)).copy).toMatchObject({ strategy: 'full_table', changes: {} });
    await pipeline().expectEqual(table);
  });

  test('another table is moved: this one goes on', async () => {
    await pipeline().source.exec('CREATE TABLE tempConv_other123 (a int)');
    await pipeline().run(table, ASKED);
    await pipeline().source.exec(`UPDATE ${table} SET Note = 'changed' WHERE SheetNum = 3`);
    expect((await pipeline().run(table, ASKED)).copy).toMatchObject({ strategy: 'incremental', changes: {} });
    await pipeline().source.exec('DROP TABLE tempConv_other123');
  });
});

// `created` in upgrade-signs.ts and resume-point.ts
describe('a table that was dropped and restored from a backup, with old stamps', () => {
  async function restore(): Promise<void> {
    // The server tells two tables of one name apart by the second in which they were made.
    await untilNextSecond(pipeline().source);
    await pipeline().source.exec(
      `DROP TABLE ${table}; CREATE TABLE ${table} (${SHEET_COLUMNS}) ENGINE=MyISAM;
       INSERT INTO ${table} VALUES (1, 'old', 1, '2020-01-01'), (2, 'old', 1, '2020-01-01'), (9, 'old', 1, '2020-01-01')`,
    );
  }

  test('while it was first copied: the next run reads everything again, without a digest', async () => {
    {
      using reached = onPoint('copy.after-chunk-commit', table, async () => {
        if (reached.visits() === 1) await restore();
      });
      await pipeline().run(table, ASKED);
    }
    await pipeline().run(table, ASKED);
    await pipeline().expectEqual(table);
  });

  test('after a first copy that did not end: it does not go on from there', async () => {
    {
      using reached = onPoint('copy.after-chunk-commit', table, () => {
        if (reached.visits() === 2) throw new Error('stopped here');
      });
      await expect(pipeline().copy(table, ASKED)).rejects.toThrow();
    }
    await restore();
    await pipeline().run(table, ASKED);
    await pipeline().expectEqual(table);
  });
});
