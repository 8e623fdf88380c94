import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { createRowBudget } from './row-budget.ts';

test('whatever is read by how many at a time, no more goes through than the rate and one read of each', () => {
  const reads = fc.array(fc.record({ rows: fc.nat(20_000), ms: fc.nat(3_000), idleMs: fc.nat(5_000) }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(reads, fc.integer({ min: 1, max: 50_000 }), (all, rate) => {
      let clock = 0;
      let total = 0;
      const budget = createRowBudget(rate, () => clock);
      for (const { rows, ms, idleMs } of all) {
        clock += budget.waitMs() + idleMs;
        // Before this read: all earlier ones are paid, at the rate.
        expect(total).toBeLessThanOrEqual((clock / 1000) * rate + 0.001);
        clock += ms;
        budget.took(rows);
        total += rows;
      }
    }),
  );
});

test('nothing is waited for where the reading itself is slower than the rate', () => {
  let clock = 0;
  const budget = createRowBudget(1_000, () => clock);
  budget.took(500);
  expect(budget.waitMs()).toBe(500);
  clock += 10_000;
  expect(budget.waitMs()).toBe(0);
  // An idle time is no credit.
  budget.took(1_000);
  expect(budget.waitMs()).toBe(1_000);
});
