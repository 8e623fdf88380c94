import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import type { Asked } from '../pipeline.ts';
import { secondSession } from './second-session.ts';
import { startSettableSource, type SettableSource } from './set-clock.ts';
import { sharedPipeline } from './shared-pipeline.ts';

let chicago: SettableSource;
// Registered first, so that it is run last.
afterAll(() => chicago[Symbol.asyncDispose]());
const { pipeline, expectFollowed } = sharedPipeline(async () => {
  chicago = await startSettableSource();
  return { source: chicago.server };
});

let tables = 0;
let table = '';

/** Edited: the wall clock in Chicago, as programs write it. Stamped: an instant, as the server keeps it. */
beforeEach(async () => {
  tables += 1;
  table = `sheet_${tables}`;
  await pipeline().source.exec(
    `CREATE TABLE ${table} (SheetNum bigint NOT NULL PRIMARY KEY, Note varchar(40), Edited datetime NULL,
       Stamped timestamp NULL DEFAULT NULL) ENGINE=MyISAM;
     INSERT INTO ${table} VALUES (1, '', NULL, NULL), (2, '', NULL, NULL), (3, '', NULL, NULL), (4, '', NULL, NULL)`,
  );
});

/** Statements of one session that begins at this moment. */
async function at(utc: string, ...statements: readonly string[]): Promise<void> {
  await chicago.setClock(utc);
  await using session = await secondSession(pipeline().source);
  for (const statement of statements) await session.query(statement);
}

const edit = (sheet: number, edited = 'NOW()'): string =>
  `UPDATE ${table} SET Note = CONCAT(Note, 'x'), Edited = ${edited} WHERE SheetNum = ${sheet}`;
/** In UTC, as ON UPDATE stamps: MySQL takes NOW() of the repeated hour for its second pass, MariaDB does not. */
const stamp = (sheet: number): string =>
  `SET @zone = @@time_zone, time_zone = '+00:00';
   UPDATE ${table} SET Note = CONCAT(Note, 'x'), Stamped = NOW() WHERE SheetNum = ${sheet};
   SET time_zone = @zone`;

async function watermarks(): Promise<unknown> {
  return (await pipeline().states(table)).copy?.watermarks;
}

const BY_EDITED: Asked = { plan: { incrementalColumns: ['Edited'] } };
const BY_STAMPED: Asked = { plan: { incrementalColumns: ['Stamped'], lookbackSeconds: { '*': 0 } } };

describe('the hour that Chicago repeats on 1 November 2026', () => {
  // lookback.ts: seventy minutes for a DATETIME
  test('wall clock: the watermark is of its first pass, the changes are of its second', async () => {
    await at('2026-11-01 06:59:30', edit(1));
    await pipeline().run(table, BY_EDITED);
    expect(await watermarks()).toEqual({ Edited: '2026-11-01 01:59:30' });
    await at('2026-11-01 07:00:10', edit(2));
    await expectFollowed(table, BY_EDITED);
    await at('2026-11-01 07:30:00', edit(3), edit(1));
    await expectFollowed(table, BY_EDITED);
    expect(await watermarks()).toEqual({ Edited: '2026-11-01 01:59:30' });
    await at('2026-11-01 08:00:00', edit(4));
    await expectFollowed(table, BY_EDITED);
    expect(await watermarks()).toEqual({ Edited: '2026-11-01 02:00:00' });
  });

  // open-session.ts: sessions read and compare TIMESTAMP in UTC, where the hour comes once
  test('instants: two rows of 01:30 stay an hour apart, and each is found without a lookback', async () => {
    await at('2026-11-01 06:30:00', stamp(1));
    await pipeline().run(table, BY_STAMPED);
    expect(await watermarks()).toEqual({ Stamped: '2026-11-01 06:30:00' });
    await at('2026-11-01 07:30:00', stamp(2));
    const { copy } = await expectFollowed(table, BY_STAMPED);
    expect(copy.counts).toMatchObject({ rowsRead: 2, rowsUpdated: 1 });
    expect(await watermarks()).toEqual({ Stamped: '2026-11-01 07:30:00' });
    const wall = await pipeline().warehouse.query(
      `SELECT to_char("Stamped" AT TIME ZONE 'America/Chicago', 'HH24:MI') AS wall, "Stamped" AT TIME ZONE 'UTC' AS utc
         FROM raw.${table} WHERE "Stamped" IS NOT NULL ORDER BY "Stamped"`,
    );
    expect(wall).toEqual([
      { wall: '01:30', utc: '2026-11-01 06:30:00' },
      { wall: '01:30', utc: '2026-11-01 07:30:00' },
    ]);
  });
});

describe('the hour that Chicago skips on 8 March 2026', () => {
  // shift-back.ts: the bound is reckoned as wall clock; the server compares any DATETIME, skipped or not
  test('wall clock: before it, within it by a clock that nobody set, and after it', async () => {
    await at('2026-03-08 07:59:50', edit(1));
    await pipeline().run(table, BY_EDITED);
    await at('2026-03-08 08:00:05', edit(2), edit(3, `'2026-03-08 02:00:05'`));
    await expectFollowed(table, BY_EDITED);
    expect(await watermarks()).toEqual({ Edited: '2026-03-08 03:00:05' });
    await at('2026-03-08 08:40:00', edit(1));
    await expectFollowed(table, BY_EDITED);
    // The next bound, 02:30, is a time that never was.
    await at('2026-03-08 08:41:00', edit(4, `'2026-03-08 02:30:00'`));
    await expectFollowed(table, BY_EDITED);
  });

  // open-session.ts: in the session's own zone the bound of a TIMESTAMP could be a time that does not exist
  test('instants', async () => {
    const asked: Asked = { plan: { incrementalColumns: ['Stamped'] } };
    await at('2026-03-08 07:58:00', stamp(1));
    await pipeline().run(table, asked);
    await at('2026-03-08 08:03:00', stamp(2));
    await expectFollowed(table, asked);
    await at('2026-03-08 08:04:00', stamp(1), stamp(3));
    await expectFollowed(table, asked);
    expect(await watermarks()).toEqual({ Stamped: '2026-03-08 08:04:00' });
  });
});

describe('the clock of a workstation', () => {
  // lookback.ts: seventy minutes for a DATETIME
  test('that is an hour behind', async () => {
    await at('2026-06-03 15:00:00', edit(1));
    await pipeline().run(table, BY_EDITED);
    await at('2026-06-03 15:05:00', edit(2, 'NOW() - INTERVAL 1 HOUR'));
    await expectFollowed(table, BY_EDITED);
  });

  // observe-column.ts: a value later than the snapshot does not count; snapshot-cap.ts
  test('that is an hour ahead: its stamps do not hide what others write meanwhile', async () => {
    const asked: Asked = { plan: { incrementalColumns: ['Edited'], lookbackSeconds: { '*': 0 } } };
    await at('2026-06-03 15:00:00', edit(1));
    await at('2026-06-03 15:00:10', edit(2, 'NOW() + INTERVAL 1 HOUR'));
    await pipeline().run(table, asked);
    expect(await watermarks()).toEqual({ Edited: '2026-06-03 10:00:00' });
    await at('2026-06-03 15:20:00', edit(3));
    await expectFollowed(table, asked);
    // Its hour has come, and others still write behind it.
    await at('2026-06-03 16:00:05', edit(4));
    await expectFollowed(table, asked);
    await at('2026-06-03 16:00:30', edit(1));
    await expectFollowed(table, asked);
  });
});

describe("DATETIME columns in a zone that is not the server's", () => {
  const inUtc: Asked = {
    plan: { incrementalColumns: ['Edited'], lookbackSeconds: { '*': 0 } },
    copy: { timeColumnZone: 'UTC' },
  };

  // in-zone.ts: by the server's clock all of these stamps would be of the future, and none a watermark
  test('time_column_zone: the watermark follows them, and what changes is found', async () => {
    await at('2026-06-03 15:00:00', edit(1, 'UTC_TIMESTAMP()'));
    await pipeline().run(table, inUtc);
    expect(await watermarks()).toEqual({ Edited: '2026-06-03 15:00:00' });
    await at('2026-06-03 15:20:00', edit(2, 'UTC_TIMESTAMP()'));
    expect(await expectFollowed(table, inUtc)).toMatchObject({ copy: { counts: { rowsRead: 2 } } });
    expect(await watermarks()).toEqual({ Edited: '2026-06-03 15:20:00' });
  });
});

// build-predicate.ts: `>=`; observe-column.ts: the second of the snapshot is not of the future
test('the second of the read itself: rows that come later in it bear the same stamp', async () => {
  const asked: Asked = { plan: { incrementalColumns: ['Edited', 'Stamped'], lookbackSeconds: { '*': 0 } } };
  await at('2026-06-03 15:00:00.200000', edit(1), stamp(2));
  await chicago.setClock('2026-06-03 15:00:00.400000');
  await pipeline().run(table, asked);
  await at('2026-06-03 15:00:00.900000', edit(3), stamp(4));
  await expectFollowed(table, asked);
});

// read-clock.ts: two clocks, one for each kind; open-session.ts: UTC on all connections. The servers of the tests stand
// in Chicago, UTC and Kolkata.
test('source, replica and warehouse in three time zones', async () => {
  const asked: Asked = { plan: { incrementalColumns: ['Edited', 'Stamped'], lookbackSeconds: { '*': 0 } } };
  await at('2026-07-01 03:30:00', edit(1), stamp(2));
  await pipeline().run(table, asked);
  expect(await watermarks()).toEqual({ Edited: '2026-06-30 22:30:00', Stamped: '2026-07-01 03:30:00' });
  expect(
    await pipeline().warehouse.query(
      `SELECT "Edited", "Stamped" AT TIME ZONE 'UTC' AS "Stamped" FROM raw.${table} WHERE "SheetNum" < 3 ORDER BY 1`,
    ),
  ).toEqual([
    { Edited: '2026-06-30 22:30:00', Stamped: null },
    { Edited: null, Stamped: '2026-07-01 03:30:00' },
  ]);
  await at('2026-07-01 03:30:01', edit(3), stamp(4));
  const { copy } = await expectFollowed(table, asked);
  expect(copy.counts).toMatchObject({ rowsRead: 4, rowsUpdated: 2 });
});
