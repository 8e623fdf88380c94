import { setTimeout as sleep } from 'node:timers/promises';

import type { HistoryEntry, HopState } from '@tidemark/tracking';
import { expect, test } from 'vitest';

import { openCommand, type Command } from '../command.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import { expectAccountsAddUp } from '../whole/expect-accounts.ts';
import { BUSY_TABLES, busyTablesYml } from './busy-tables.ts';
import { createChance, type Chance } from './chance.ts';
import { expectMarksForward } from './expect-marks-forward.ts';
import { expectNothingLost } from './expect-nothing-lost.ts';
import { seedOfThisRun, shortOrLong } from './how-long.ts';
import { createBusyTables, startWorkstations } from './workstations.ts';

const seed = seedOfThisRun();
const rounds = Number(process.env['TIDEMARK_TEST_ROUNDS'] ?? shortOrLong(5, 100));
/** Runs that may end before they are killed, for each that is. */
const RUNS_PER_CRASH = 5;

// commit and commitChunk in tracked-session.ts and copy-tracking.ts: rows and tracking in one transaction
test(
  `${rounds} crashes at random moments under concurrent writers, then a quiet run: equal (seed ${seed})`,
  { timeout: 60_000 + rounds * 20_000 },
  async () => {
    await using pipeline = await openPipeline();
    await createBusyTables(pipeline.source, seed);
    await using workstations = startWorkstations(pipeline.source, seed);
    using command = openCommand(pipeline, busyTablesYml('never'));
    const chance = createChance(seed, 'crashes');
    let before = await states(pipeline);
    let killed = 0;
    let runs = 0;
    // Kills are spread over a run as long as those that were let alone last.
    let latestMs = await quietRun(command);
    for (; killed < rounds && runs < rounds * RUNS_PER_CRASH; runs += 1) {
      const { isKilled, durationMs } = await runAndKill(command, { chance, latestMs });
      if (isKilled) killed += 1;
      else latestMs = (latestMs + durationMs) / 2;
      const after = await states(pipeline);
      for (const [at, state] of after.entries()) expectMarksForward(before[at] ?? null, state);
      before = after;
    }
    const done = await workstations.stop();
    await quietRun(command);
    for (const table of BUSY_TABLES) await expectNothingLost(pipeline, table);
    using thorough = openCommand(pipeline, busyTablesYml('0'));
    await quietRun(thorough);
    await pipeline.expectEqual(...BUSY_TABLES.map(({ name }) => name));
    for (const { name } of BUSY_TABLES) await expectAccountsAddUp(pipeline, name);
    const entries = await history(pipeline);
    expect(entries.filter(({ finishedAt }) => finishedAt === null)).toEqual([]);
    const inTheMiddle = entries.filter(({ errorCode }) => errorCode === 'INTERRUPTED').length;
    expect(entries.filter(({ status, errorCode }) => status !== 'success' && errorCode !== 'INTERRUPTED')).toEqual([]);
    console.log(
      `seed ${seed}: ${runs} runs, ${killed} killed, ${inTheMiddle} tables in the middle of a hop; ${JSON.stringify(done)}`,
    );
    expect(killed).toBe(rounds);
  },
);

interface Attack {
  readonly chance: Chance;
  /** From the start of the process, its own start included. */
  readonly latestMs: number;
}

async function runAndKill(
  command: Command,
  { chance, latestMs }: Attack,
): Promise<{ readonly isKilled: boolean; readonly durationMs: number }> {
  const args = ['run', '--allow-deletes', '--quiet', ...(chance.integer(8) === 0 ? ['--full-refresh'] : [])];
  const moment = chance.fraction() * latestMs;
  const began = performance.now();
  const running = command.start(args);
  await Promise.race([sleep(moment), running.ended]);
  running.process.kill('SIGKILL');
  const { code, signal, stderr } = await running.ended;
  // 5: a statement of the run killed before is still under way on a server, and holds its table.
  expect([0, 5], stderr).toContain(signal === null ? code : 0);
  return { isKilled: signal === 'SIGKILL', durationMs: performance.now() - began };
}

/** @returns the milliseconds of the run that ended well */
async function quietRun(command: Command): Promise<number> {
  for (;;) {
    const began = performance.now();
    const { code, stderr } = await command.run(['run', '--allow-deletes', '--quiet']);
    if (code === 0) return performance.now() - began;
    expect(code, stderr).toBe(5);
  }
}

function states({ copyTracking }: Pipeline): Promise<(HopState | null)[]> {
  return Promise.all(BUSY_TABLES.map(({ name }) => copyTracking.state(name)));
}

async function history({ copyTracking, loadTracking }: Pipeline): Promise<HistoryEntry[]> {
  const limit = 100_000;
  return [...(await copyTracking.history({ limit })), ...(await loadTracking.history({ limit }))];
}
