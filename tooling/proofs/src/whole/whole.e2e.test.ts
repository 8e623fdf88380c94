import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openPipeline, type Pipeline } from '../pipeline.ts';
import { playScenario } from './play-scenario.ts';
import { scenarios } from './scenario.ts';

/** `TIDEMARK_TEST_RUNS=500 TIDEMARK_TEST_SEED=1 pnpm test:long` plays more, from a seed of one's own. */
const numRuns = Number(process.env['TIDEMARK_TEST_RUNS'] ?? 25);
const seed = Number(process.env['TIDEMARK_TEST_SEED'] ?? Math.trunc(performance.timeOrigin) % 2 ** 31);

let pipeline: Pipeline;
let played = 0;
beforeAll(async () => {
  pipeline = await openPipeline();
});
afterAll(async () => {
  await pipeline[Symbol.asyncDispose]();
});

test(
  `random tables, changes, runs and interruptions end equal (seed ${seed}, ${numRuns} scenarios)`,
  { timeout: 3_600_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        played += 1;
        await playScenario(pipeline, `t${played}`, scenario);
      }),
      { numRuns, seed, endOnFailure: false, interruptAfterTimeLimit: numRuns * 20_000 },
    );
    expect(played).toBeGreaterThanOrEqual(numRuns);
  },
);
