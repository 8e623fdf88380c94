import { beforeEach, describe, expect, test } from 'vitest';

import type { Asked } from '../pipeline.ts';
import { sharedPipeline } from './shared-pipeline.ts';

const { pipeline } = sharedPipeline();

const INCREMENTAL: Asked = { plan: { incrementalColumns: ['Edited', 'Created'] } };

let tables = 0;
let table = '';

beforeEach(createSheets);

/** In a table of its own. Keys of a site with RandomPrimaryKeys. */
async function createSheets(): Promise<void> {
  tables += 1;
  table = `sheet_${tables}`;
  await pipeline().source.exec(
    `CREATE TABLE ${table} (SheetNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note varchar(40), Created datetime,
       Edited datetime) ENGINE=MyISAM;
     INSERT INTO ${table} VALUES (7000, 'a', '2026-03-01', '2026-03-01'), (20, 'b', '2026-03-02', '2026-03-02'),
       (500, 'c', '2026-03-03', '2026-03-03 12:00:00')`,
  );
}

// docs/limitations.md: "What a strategy cannot see". These tests hold the page to the truth, in both directions.
describe('what an incremental read cannot see, a digest and a full read do', () => {
  const AND: Asked = { plan: { ...INCREMENTAL.plan, incrementalLogic: 'and' } };
  test.each([
    ['an update that moves no stamp', `UPDATE $ SET Note = 'x' WHERE SheetNum = 20`, INCREMENTAL],
    [
      'a change stamped further back than the lookback',
      `UPDATE $ SET Note = 'x', Edited = '2026-03-03 10:49:59' WHERE SheetNum = 20`,
      INCREMENTAL,
    ],
    [
      'a new row with empty stamps and a key below the highest',
      `INSERT INTO $ VALUES (30, 'x', NULL, NULL)`,
      INCREMENTAL,
    ],
    ['a delete', `DELETE FROM $ WHERE SheetNum = 20`, INCREMENTAL],
    [
      'a row whose key was changed: under its old one',
      `UPDATE $ SET SheetNum = 21, Edited = '2026-03-04' WHERE SheetNum = 20`,
      INCREMENTAL,
    ],
    [
      'with incremental_logic: and, a row that moved in one of the columns',
      `UPDATE $ SET Note = 'x', Edited = '2026-03-04' WHERE SheetNum = 20`,
      AND,
    ],
  ] as const)('%s', async (_, change, asked) => {
    for (const seeing of [{ plan: { strategy: 'digest' } }, { plan: { strategy: 'full_table' } }] as const) {
      await pipeline().run(table, asked);
      await pipeline().source.exec(change.replace('$', table));
      const { copy } = await pipeline().run(table, asked);
      expect(copy.strategy).toBe('incremental');
      await expect(pipeline().expectEqual(table)).rejects.toThrow('deeply equal');
      await pipeline().run(table, seeing);
      await pipeline().expectEqual(table);
      await createSheets();
    }
  });

  test('and digest_every brings it in an incremental run', async () => {
    await pipeline().run(table, INCREMENTAL);
    await pipeline().source.exec(`UPDATE ${table} SET Note = 'x' WHERE SheetNum = 20`);
    const { copy } = await pipeline().run(table, { ...INCREMENTAL, copy: { digestEverySeconds: 0 } });
    expect(copy.reason).toContain('Then compared by digest.');
    await pipeline().expectEqual(table);
  });
});

describe('what it does see, close to the edge', () => {
  test.each([
    [
      'a change just within the lookback',
      `UPDATE $ SET Note = 'x', Edited = '2026-03-03 10:50:00' WHERE SheetNum = 20`,
    ],
    ['a new row with empty stamps and a key above the highest', `INSERT INTO $ VALUES (7001, 'x', NULL, NULL)`],
  ])('%s', async (_, change) => {
    await pipeline().run(table, INCREMENTAL);
    await pipeline().source.exec(change.replace('$', table));
    await pipeline().run(table, INCREMENTAL);
    await pipeline().expectEqual(table);
  });
});

describe('what other hands did', () => {
  test('in the replica is seen by a digest, and not before', async () => {
    await pipeline().run(table, INCREMENTAL);
    await pipeline().replica.exec(`UPDATE ${table} SET Note = 'x' WHERE SheetNum = 20`);
    await pipeline().run(table, INCREMENTAL);
    await expect(pipeline().expectEqual(table)).rejects.toThrow('deeply equal');
    await pipeline().run(table, { plan: { strategy: 'digest' } });
    await pipeline().expectEqual(table);
  });

  test('in raw is seen by a full refresh of the load, and by no strategy of the copy', async () => {
    await pipeline().run(table, INCREMENTAL);
    await pipeline().warehouse.exec(`UPDATE raw.${table} SET "Note" = 'x' WHERE "SheetNum" = 20`);
    await pipeline().run(table, { plan: { strategy: 'digest' } });
    await expect(pipeline().expectEqual(table)).rejects.toThrow('deeply equal');
    await pipeline().load(table, { fullRefresh: true });
    await pipeline().expectEqual(table);
  });
});

test('a row that came and went between two runs is seen by nobody', async () => {
  await pipeline().run(table, INCREMENTAL);
  await pipeline().source.exec(
    `INSERT INTO ${table} VALUES (8000, 'x', NOW(), NOW()); DELETE FROM ${table} WHERE SheetNum = 8000`,
  );
  const { copy } = await pipeline().run(table, { plan: { strategy: 'digest' } });
  expect(copy.counts).toMatchObject({ rowsInserted: 0, rowsDeleted: 0 });
  await pipeline().expectEqual(table);
});
