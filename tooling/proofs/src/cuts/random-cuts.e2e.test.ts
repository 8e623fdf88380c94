import { TidemarkError } from '@tidemark/errors';
import type { ProxySide, TcpProxy } from '@tidemark/testkit';
import { expect, test } from 'vitest';

import { createChance, type Chance } from '../races/chance.ts';
import { seedOfThisRun, shortOrLong } from '../races/how-long.ts';
import type { Hops, Side } from './hops.ts';
import { openProxiedRoom } from './proxied-room.ts';
import { changeVisits, createVisits } from './visits.ts';

const SIDES: readonly [Side, ...Side[]] = ['source', 'replica', 'warehouse'];
const FROM: readonly [ProxySide, ...ProxySide[]] = ['client', 'server'];
/** More cuts than stalls, which cost seconds each. */
const BREAKS: readonly ['cut', ...('cut' | 'refuse' | 'stall')[]] = ['cut', 'cut', 'cut', 'refuse', 'stall'];
const ROUNDS = shortOrLong(12, 200);
/** About what a round moves, in bytes. */
const MOST_BYTES = 600_000;
/** As the command does: one attempt and three retries. */
const MOST_ATTEMPTS = 4;

const seed = seedOfThisRun();

/** One hop, again while it fails by what may pass. The network is mended after the first failure. */
async function persist(hop: () => Promise<unknown>, mend: () => Promise<void>): Promise<number> {
  for (let failures = 0; ; failures += 1) {
    try {
      await hop();
      return failures;
    } catch (error) {
      if (!(error instanceof TidemarkError) || !error.isTransient || failures + 1 === MOST_ATTEMPTS) throw error;
      await mend();
    }
  }
}

function breakLater(proxy: TcpProxy, chance: Chance): string {
  const from = chance.pick(FROM);
  const how = chance.pick(BREAKS);
  // As likely in the first thousand bytes, where connections are opened, as in the last hundred thousand.
  const bytes = Math.ceil(MOST_BYTES ** chance.fraction());
  proxy.after(from, bytes, () => {
    if (how === 'refuse') proxy.refuse();
    if (how === 'stall') proxy.stall();
    else proxy.cut();
  });
  return `${how} after ${bytes} bytes from the ${from}`;
}

async function playRound(hops: Hops, proxies: Readonly<Record<Side, TcpProxy>>, chance: Chance): Promise<number> {
  const side = chance.pick(SIDES);
  const told = `${side}: ${breakLater(proxies[side], chance)}`;
  const mend = (): Promise<void> => proxies[side].resume();
  try {
    return (await persist(() => hops.copy('visit'), mend)) + (await persist(() => hops.load('visit'), mend));
  } catch (error) {
    if (error instanceof Error) error.message += ` [${told}]`;
    throw error;
  } finally {
    proxies[side].after('server', Number.POSITIVE_INFINITY, () => {});
    await mend();
  }
}

test(
  `cut, refused and stalled at ${ROUNDS} random moments, the hops end equal after each (seed ${seed})`,
  async () => {
    const chance = createChance(seed, 'random cuts');
    await using room = await openProxiedRoom();
    const { pipeline, hops, proxies } = room;
    await createVisits(pipeline.source, 300);
    let failures = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      failures += await playRound(hops, proxies, chance);
      await pipeline.expectEqual('visit');
      await changeVisits(pipeline.source, 1 + chance.integer(4));
    }
    await pipeline.run('visit');
    await pipeline.expectEqual('visit');
    expect(failures).toBeGreaterThan(0);
  },
  shortOrLong(120_000, 3_600_000),
);
