import { expect, test } from 'vitest';

import { openPipeline, type Pipeline } from '../pipeline.ts';
import { BUSY_TABLES, type BusyTable } from './busy-tables.ts';
import { createChance } from './chance.ts';
import { expectNothingLost } from './expect-nothing-lost.ts';
import { seedOfThisRun, shortOrLong } from './how-long.ts';
import { createBusyTables, startWorkstations } from './workstations.ts';

const seed = seedOfThisRun();
const seconds = shortOrLong(12, 60);

// copy-table.ts (the clock before the first row), snapshot-cap.ts (open transactions), build-predicate.ts (>=, lookback),
// read-changes by digest (rows that moved), the sequence of plan-load.ts: each loses rows here when it is taken out
test(
  `${seconds} seconds of runs under concurrent writers, then a quiet one: equal (seed ${seed})`,
  { timeout: 300_000 },
  async () => {
    await using pipeline = await openPipeline();
    await createBusyTables(pipeline.source, seed);
    await using workstations = startWorkstations(pipeline.source, seed);
    const ends = performance.now() + seconds * 1000;
    const runs = await Promise.all(LANES.map((lane) => runUntil(pipeline, lane, ends)));
    const done = await workstations.stop();
    console.log(`${runs.join(', ')} runs; the workstations: ${JSON.stringify(done)}`);
    expect(Math.min(...runs)).toBeGreaterThan(3);
    expect(done.committed * done.rolledBack).toBeGreaterThan(0);
    for (const table of BUSY_TABLES) {
      await pipeline.run(table.name, { ...table.asked, allowDeletes: true });
      await expectNothingLost(pipeline, table);
      await pipeline.run(table.name, withDigest(table));
    }
    await pipeline.expectEqual(...BUSY_TABLES.map(({ name }) => name));
  },
);

interface Lane {
  readonly table: BusyTable;
  readonly hop: 'copy' | 'load';
}

/** Each hop of each table goes at its own pace, as in two schedules that know nothing of each other. */
const LANES: readonly Lane[] = BUSY_TABLES.flatMap((table) => [
  { table, hop: 'copy' },
  { table, hop: 'load' },
]);

/**
 * Runs a hop of a table again and again. In the first half now and then with a digest or a full refresh, which would
 * find what other runs have lost. @returns how often
 */
async function runUntil(pipeline: Pipeline, { table, hop }: Lane, ends: number): Promise<number> {
  const chance = createChance(seed, `${hop} of ${table.name}`);
  const half = ends - (seconds * 1000) / 2;
  let runs = 0;
  for (; performance.now() < ends; runs += 1) {
    const mayFindAll = performance.now() < half;
    const asked = mayFindAll && chance.integer(6) === 0 ? withDigest(table) : { ...table.asked, allowDeletes: true };
    await pipeline[hop](table.name, { ...asked, fullRefresh: mayFindAll && chance.integer(8) === 0 });
  }
  return runs;
}

function withDigest({ asked }: BusyTable): BusyTable['asked'] {
  return { ...asked, allowDeletes: true, copy: { ...asked.copy, digestEverySeconds: 0 } };
}
