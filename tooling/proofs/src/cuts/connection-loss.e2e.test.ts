import { onPoint, type ProxySide } from '@tidemark/testkit';
import { describe, expect, test, vi } from 'vitest';

import { openCommand } from '../command.ts';
import { expectUntouched, recorded } from './expect-untouched.ts';
import { failureOf } from './failure-of.ts';
import type { Side } from './hops.ts';
import { openProxiedRoom } from './proxied-room.ts';
import { changeVisits, createVisits } from './visits.ts';

const ROWS = 900;

/** Where the network breaks, in bytes of the rows: every hop moves some 900 kB at first and 350 kB later. */
interface Break {
  readonly what: string;
  readonly hop: 'copy' | 'load';
  readonly side: Side;
  readonly from: ProxySide;
}

const BREAKS: readonly Break[] = [
  { what: 'a SELECT from the source', hop: 'copy', side: 'source', from: 'server' },
  { what: 'LOAD DATA into the replica', hop: 'copy', side: 'replica', from: 'client' },
  { what: 'a SELECT from the replica', hop: 'load', side: 'replica', from: 'server' },
  { what: 'COPY into the warehouse', hop: 'load', side: 'warehouse', from: 'client' },
];

// P4 is kept by tracked-session.ts (`transact` rolls back, `recordFailure` elsewhere), the retry of the whole by
// classify-driver-error.ts (CONNECTION_LOST is transient) and by the pools, which give a broken connection to nobody.
describe.each(BREAKS)('a reset in the middle of $what', ({ hop, side, from }) => {
  test.each([
    { run: 'the first', bytes: 500_000 },
    { run: 'a later', bytes: 200_000 },
  ])('of $run run moves nothing, and the next run ends equal', async ({ run, bytes }) => {
    await using room = await openProxiedRoom();
    const { pipeline, hops, proxies } = room;
    await createVisits(pipeline.source, ROWS);
    if (run === 'a later') {
      await hops.run('visit');
      await changeVisits(pipeline.source);
    }
    if (hop === 'load') await hops.copy('visit');
    const before = await recorded(pipeline, 'visit');
    proxies[side].after(from, bytes, () => proxies[side].cut());
    expect(await failureOf(hops[hop]('visit'))).toMatchObject({ code: 'CONNECTION_LOST', table: 'visit' });
    await expectUntouched(pipeline, 'visit', before);
    expect((await pipeline.states('visit'))[hop]).toMatchObject({ status: 'failed', lastError: 'CONNECTION_LOST' });
    await hops.run('visit');
    await pipeline.expectEqual('visit');
  });
});

// Without endWhenStalled (packages/stall) each of these waits for ever; without `#endAbandoned` in tracked-session.ts the
// run after it finds the table locked by the connection that nobody uses any more.
test.concurrent.each(BREAKS)(
  'a network that swallows everything in the middle of $what is given up, and the next run ends equal',
  async ({ hop, side, from }) => {
    await using room = await openProxiedRoom();
    const { pipeline, hops, proxies } = room;
    await createVisits(pipeline.source, ROWS);
    await hops.run('visit');
    await changeVisits(pipeline.source);
    if (hop === 'load') await hops.copy('visit');
    const before = await recorded(pipeline, 'visit');
    proxies[side].after(from, 200_000, () => proxies[side].stall());
    expect((await failureOf(hops[hop]('visit'))).code).toBe('CONNECTION_LOST');
    await proxies[side].resume();
    await expectUntouched(pipeline, 'visit', before);
    await hops.run('visit');
    await pipeline.expectEqual('visit');
  },
);

// Without `endAll` of open-connections.ts and the end of sockets in the dialects' `destroy`, the connections that nobody
// can close keep the process alive.
test.concurrent('a network that swallows everything for good: the command says so and ends', async () => {
  await using room = await openProxiedRoom();
  const { pipeline, hops, proxies } = room;
  await createVisits(pipeline.source, ROWS);
  using command = openCommand(hops, 'tables: {visit: {}}\nrun: {stall_timeout: 2 s, retries: 0}');
  proxies.replica.after('client', 200_000, () => {
    for (const proxy of Object.values(proxies)) proxy.stall();
  });
  const { code, stdout } = await command.run(['run', '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, tables: [{ error: { code: 'CONNECTION_LOST' } }, {}] });
  for (const proxy of Object.values(proxies)) await proxy.resume();
  // The servers learn only now that their client is gone.
  await vi.waitFor(() => pipeline.run('visit'), { timeout: 30_000, interval: 200 });
  await pipeline.expectEqual('visit');
});

describe('the answer to a COMMIT is lost', () => {
  test.each([
    { hop: 'copy', side: 'replica' },
    { hop: 'load', side: 'warehouse' },
  ] as const)('of the $hop: what was committed stays, and is not recorded as a failure', async ({ hop, side }) => {
    await using room = await openProxiedRoom();
    const { pipeline, hops, proxies } = room;
    await createVisits(pipeline.source, 50);
    if (hop === 'load') await hops.copy('visit');
    {
      const cut = (): void => proxies[side].cut();
      using _ = onPoint(`${hop}.before-commit`, 'visit', () => proxies[side].after('server', 1, cut));
      expect((await failureOf(hops[hop]('visit'))).code).toBe('CONNECTION_LOST');
    }
    const state = (await pipeline.states('visit'))[hop];
    expect(state).toMatchObject({ status: 'success', lastError: null, consecutiveFailures: 0, rows: 50 });
    await hops.run('visit');
    await pipeline.expectEqual('visit');
  });
});

test('a server that cannot be reached: it is told so, and the connections of before are not needed again', async () => {
  await using room = await openProxiedRoom();
  const { pipeline, hops, proxies } = room;
  await createVisits(pipeline.source, 50);
  await hops.run('visit');
  const away: readonly [Side, 'copy' | 'load'][] = [
    ['source', 'copy'],
    ['replica', 'copy'],
    ['replica', 'load'],
    ['warehouse', 'load'],
  ];
  for (const [side, hop] of away) {
    await changeVisits(pipeline.source);
    const before = await recorded(pipeline, 'visit');
    proxies[side].refuse();
    proxies[side].cut();
    const failure = await failureOf(hops[hop]('visit'));
    // An idle connection of a pool may learn at its next statement only that it was cut.
    expect(failure.code).toMatch(/^(SERVER_UNREACHABLE|CONNECTION_LOST)$/);
    expect(failure.message).toMatch(`${side}: `);
    await expectUntouched(pipeline, 'visit', before);
    await proxies[side].resume();
    await hops.run('visit');
  }
  await pipeline.expectEqual('visit');
});
