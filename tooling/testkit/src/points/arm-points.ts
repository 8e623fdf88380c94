/**
 * Preload for a child process (`node --import`, or the environment of `armPoint`): acts at the points that
 * TIDEMARK_TEST_POINT names, and writes down all of them where TIDEMARK_TEST_POINT_TRACE names a file.
 */
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArmedPoint, POINT_VARIABLES, type ArmedAction } from './armed-point.ts';
import { FaultInjected, onEveryPoint, onPoint } from './on-point.ts';

const POLL_MS = 20;

const text = process.env[POINT_VARIABLES.point];
for (const armedPoint of text?.split(',') ?? []) arm(armedPoint);

const trace = process.env[POINT_VARIABLES.trace];
if (trace) onEveryPoint((point, table) => appendFileSync(trace, `${point} ${table}\n`));

function arm(armedPoint: string): void {
  const { point, table, action, nth } = parseArmedPoint(armedPoint);
  const subscription = onPoint(point, table, async (reachedTable) => {
    if (subscription.visits() !== nth) return;
    const mark = process.env[POINT_VARIABLES.mark];
    if (mark) writeFileSync(mark, reachedTable);
    await interrupt(action, `${point} of ${reachedTable}`);
  });
}

async function interrupt(action: ArmedAction, where: string): Promise<void> {
  switch (action) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      return;
    case 'fail':
      throw new FaultInjected(`Fault injected at ${where}.`);
    case 'pause':
      await untilReleased();
  }
}

async function untilReleased(): Promise<void> {
  const release = process.env[POINT_VARIABLES.release];
  if (!release) throw new Error(`A pause needs ${POINT_VARIABLES.release}.`);
  while (!existsSync(release)) await sleep(POLL_MS);
}
