import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { failed, outcome } from '../testing/outcomes.ts';
import type { RunHop, TableOutcome } from './outcome.ts';
import { runTables, type HopWork } from './run-tables.ts';

interface Recorded {
  readonly order: string[];
  readonly work: (hop: RunHop, result?: (table: string) => TableOutcome) => { hop: RunHop; work: HopWork };
  most: number;
}

/** Hops that take a few turns and note when they begin and how many are at it. */
function recorder(): Recorded {
  const atWork: Record<RunHop, number> = { copy: 0, load: 0 };
  const recorded: Recorded = {
    order: [],
    most: 0,
    work: (hop, result = (table) => outcome({ table, hop })) => ({
      hop,
      work: async (table) => {
        recorded.order.push(`${hop} ${table}`);
        atWork[hop] += 1;
        recorded.most = Math.max(recorded.most, atWork[hop]);
        await turn();
        await turn();
        atWork[hop] -= 1;
        return result(table);
      },
    }),
  };
  return recorded;
}

const tables = ['a', 'b', 'c', 'd'];
const never = new AbortController().signal;

describe('runTables', () => {
  it('begins in the given order, and loads a table while later ones still wait to be copied', async () => {
    const { order, work } = recorder();
    await runTables({ tables, hops: [work('copy'), work('load')], jobs: 1, signal: never, onOutcome: () => {} });
    expect(order.filter((step) => step.startsWith('copy'))).toEqual(['copy a', 'copy b', 'copy c', 'copy d']);
    expect(order.indexOf('load a')).toBeLessThan(order.indexOf('copy d'));
  });

  it.each([1, 2, 3])('has no more than %i tables in one hop at the same time', async (jobs) => {
    const recorded = recorder();
    const hops = [recorded.work('copy'), recorded.work('load')];
    await runTables({ tables, hops, jobs, signal: never, onOutcome: () => {} });
    expect(recorded.most).toBe(jobs);
  });

  it('goes on with the others when a table fails, and does not load what was not copied', async () => {
    const { order, work } = recorder();
    const copy = work('copy', (table) => (table === 'b' ? failed('b', 'STORAGE_FULL') : outcome({ table })));
    const outcomes = await runTables({
      tables,
      hops: [copy, work('load')],
      jobs: 2,
      signal: never,
      onOutcome: () => {},
    });
    expect(order).not.toContain('load b');
    expect(order).toContain('load d');
    expect(outcomes.filter(({ table }) => table === 'b')).toMatchObject([
      { hop: 'copy', status: 'failed' },
      { hop: 'load', status: 'skipped', reason: 'not loaded, because it was not copied' },
    ]);
  });

  it('begins nothing more once it is asked to stop, and waits for what is in flight', async () => {
    const { order, work } = recorder();
    const controller = new AbortController();
    const copy = work('copy', (table) => {
      controller.abort();
      return outcome({ table });
    });
    const plan = { tables, hops: [copy, work('load')], jobs: 1, signal: controller.signal, onOutcome: () => {} };
    const outcomes = await runTables(plan);
    expect(order).toEqual(['copy a']);
    expect(outcomes).toHaveLength(8);
    expect(outcomes[0]).toMatchObject({ table: 'a', hop: 'copy', status: 'success' });
    expect(outcomes.slice(1).every(({ status }) => status === 'skipped')).toBe(true);
  });

  it('tells of every outcome once', async () => {
    const { work } = recorder();
    const told: TableOutcome[] = [];
    const hops = [work('copy'), work('load')];
    const outcomes = await runTables({ tables, hops, jobs: 2, signal: never, onOutcome: (each) => told.push(each) });
    expect(new Set(told)).toEqual(new Set(outcomes));
    expect(told).toHaveLength(8);
  });
});
