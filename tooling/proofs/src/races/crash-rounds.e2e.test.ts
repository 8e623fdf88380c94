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
/** From the start of the process; a run takes about two seconds, its own start included. */
const LATEST_KILL_MS = 3_000;

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
    for (let round = 0; round < rounds; round += 1) {
      killed += (await runAndKill(command, chance)) ? 1 : 0;
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
      `seed ${seed}: ${rounds} rounds, ${killed} killed, ${inTheMiddle} tables in the middle of a hop; ${JSON.stringify(done)}`,
    );
    expect(killed).toBeGreaterThan(0);
  },
);

/** @returns whether the process was killed before it had ended by itself */
async function runAndKill(command: Command, chance: Chance): Promise<boolean> {
  const args = ['run', '--allow-deletes', '--quiet', ...(chance.integer(8) === 0 ? ['--full-refresh'] : [])];
  const moment = chance.fraction() * LATEST_KILL_MS;
  const running = command.start(args);
  await Promise.race([sleep(moment), running.ended]);
  running.process.kill('SIGKILL');
  const { code, signal, stderr } = await running.ended;
  // 5: a statement of the run killed before is still under way on a server, and holds its table.
  expect([0, 5], stderr).toContain(signal === null ? code : 0);
  return signal === 'SIGKILL';
}

async function quietRun(command: Command): Promise<void> {
  for (;;) {
    const { code, stderr } = await command.run(['run', '--allow-deletes', '--quiet']);
    if (code === 0) return;
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
