import { beforeEach, describe, expect, test } from 'vitest';

import { sharedPipeline } from '../losses/shared-pipeline.ts';
import type { Asked } from '../pipeline.ts';
import { atEachPoint } from './at-each-point.ts';
import { ASKED, createSheets, WITH_DIGEST } from './sheets.ts';

const { pipeline } = sharedPipeline();

let tables = 0;
let table = '';

beforeEach(async () => {
  tables += 1;
  table = `sheet_${tables}`;
  await createSheets(pipeline(), table);
});

type Rows = readonly object[];

/** What other sessions see in the replica: what is committed. */
function inReplica(): Promise<Rows> {
  return pipeline().replica.query(
    `SELECT CAST(SheetNum AS CHAR) AS SheetNum, Pages FROM ${table} ORDER BY ${table}.SheetNum`,
  );
}

/** Null where there is no such table. */
async function inRaw(): Promise<Rows | null> {
  const { warehouse } = pipeline();
  const found = await warehouse.query(`SELECT to_regclass('raw.${table}') AS found`);
  if (found[0]?.['found'] === null) return null;
  return warehouse.query(`SELECT "SheetNum", "Pages" FROM raw.${table} ORDER BY 1`);
}

/** A load ends with what the last committed copy left, or it leaves all as it was: there is nothing in between. */
async function loadMeanwhile(point: string): Promise<void> {
  const before = { rows: await inRaw(), sequence: (await pipeline().loadTracking.state(table))?.copySequence };
  const committed = await pipeline().copyTracking.state(table);
  const isLoaded = await pipeline()
    .load(table, ASKED)
    .then(
      ({ status }) => status === 'success',
      (error: unknown) => {
        // The replica table is being built anew and has no row yet.
        expect(error, point).toMatchObject({ code: 'COUNTS_DISAGREE' });
        return false;
      },
    );
  const after = { rows: await inRaw(), sequence: (await pipeline().loadTracking.state(table))?.copySequence };
  // While a replica table that was lost is filled anew, the record of the copy is of the one before.
  const isFollowed = isLoaded && committed?.resume === null && (await inReplica()).length > 0;
  expect(after, point).toEqual(isFollowed ? { rows: await inReplica(), sequence: committed.copySequence } : before);
}

const CHANGES = (): string => `
  UPDATE ${table} SET Pages = 99 WHERE SheetNum IN (3, 21); DELETE FROM ${table} WHERE SheetNum IN (1, 11);
  INSERT INTO ${table} (SheetNum, Pages) VALUES (2, 0), (200, 0)`;

interface Way {
  readonly way: string;
  /** What was done before, if the table has been run already. */
  readonly after: (() => Promise<void>) | null;
  readonly asked: Asked;
  readonly points: readonly string[];
}

const WAYS: readonly Way[] = [
  {
    way: 'a first copy',
    after: null,
    asked: ASKED,
    points: ['copy.chunk-staged', 'copy.after-chunk-commit', 'copy.before-commit'],
  },
  {
    way: 'an incremental copy with a digest',
    after: () => pipeline().source.exec(CHANGES()),
    asked: WITH_DIGEST,
    points: ['copy.staged', 'copy.buried', 'copy.applied', 'copy.tracked', 'copy.before-commit', 'copy.after-commit'],
  },
  {
    way: 'a full refresh',
    after: () => pipeline().source.exec(CHANGES()),
    asked: { ...ASKED, fullRefresh: true },
    points: ['copy.staged', 'copy.buried', 'copy.before-commit'],
  },
  {
    way: 'a copy that adds a column',
    after: () => pipeline().source.exec(`ALTER TABLE ${table} ADD COLUMN Room int NOT NULL DEFAULT 5; ${CHANGES()}`),
    asked: ASKED,
    points: ['copy.before-ddl', 'copy.after-ddl', 'copy.before-commit'],
  },
  {
    way: 'a copy that builds the replica table anew',
    after: () => pipeline().source.exec(`ALTER TABLE ${table} DROP COLUMN Note; ${CHANGES()}`),
    asked: { ...ASKED, fullRefresh: true },
    points: ['copy.before-ddl', 'copy.after-ddl', 'copy.after-chunk-commit', 'copy.before-commit'],
  },
  {
    way: 'a copy into a replica table that was dropped',
    after: () => pipeline().replica.exec(`DROP TABLE ${table}`),
    asked: ASKED,
    points: ['copy.before-ddl', 'copy.after-ddl', 'copy.after-chunk-commit', 'copy.before-commit'],
  },
];

// read-copy-state.ts (within the snapshot), plan-load.ts (up to the sequence recorded), `incomplete` in find-replica-table.ts
describe('a load at every point of', () => {
  test.each(WAYS)('$way sees what was last committed, and nothing of what is not', async ({ after, asked, points }) => {
    if (after) {
      await pipeline().run(table, ASKED);
      await after();
    }
    const visited = await atEachPoint({ hop: 'copy', table, act: loadMeanwhile }, () => pipeline().copy(table, asked));
    expect(visited).toEqual(expect.arrayContaining([...points]));
    await pipeline().load(table, ASKED);
    await pipeline().expectEqual(table);
  });
});

describe('a copy that commits at every point of', () => {
  test.each([
    ['a first load', true],
    ['an incremental load', false],
  ] as const)('%s: the load keeps to its snapshot, the next one follows', async (_, isFirst) => {
    if (!isFirst) await pipeline().run(table, ASKED);
    await pipeline().source.exec(CHANGES());
    await pipeline().copy(table, WITH_DIGEST);
    let snapshot: { readonly rows: Rows; readonly sequence: string | null | undefined } | null = null;
    let round = 0;
    const copyMeanwhile = async (point: string): Promise<void> => {
      // The snapshot is opened next.
      if (point === 'load.locked') {
        snapshot = { rows: await inReplica(), sequence: (await pipeline().copyTracking.state(table))?.copySequence };
        return;
      }
      round += 1;
      await pipeline().source.exec(
        `UPDATE ${table} SET Pages = ${round} WHERE SheetNum IN (3, ${round * 2 + 5});
         DELETE FROM ${table} WHERE SheetNum = 25 - 2 * ${round}; INSERT INTO ${table} (Pages) VALUES (${round})`,
      );
      await pipeline().copy(table, WITH_DIGEST);
    };
    await atEachPoint({ hop: 'load', table, act: copyMeanwhile }, () => pipeline().load(table, ASKED));
    expect(round).toBeGreaterThan(5);
    expect({ rows: await inRaw(), sequence: (await pipeline().loadTracking.state(table))?.copySequence }).toEqual(
      snapshot,
    );
    const { strategy, counts } = await pipeline().load(table, ASKED);
    expect({ strategy, deleted: counts.rowsDeleted > 0 }).toEqual({ strategy: 'incremental', deleted: true });
    await pipeline().expectEqual(table);
  });
});
