import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { compareCursorValues, higherCursorValue, lowerCursorValue } from './cursor-value.ts';
import { shiftBack } from './shift-back.ts';
import { cursorValue, magnitude, orderedKind } from './testing/arbitraries.ts';

const pair = orderedKind.chain((kind) => fc.tuple(cursorValue(kind), cursorValue(kind)));
const DAY_NANOSECONDS = 86_400_000_000_000n;

test('values are ordered as their magnitude is', () => {
  fc.assert(
    fc.property(pair, ([left, right]) => {
      const difference = magnitude(left.kind, left.text) - magnitude(right.kind, right.text);
      expect(Math.sign(compareCursorValues(left, right))).toBe(Math.sign(Number(difference)));
      expect(compareCursorValues(higherCursorValue(left, right), lowerCursorValue(left, right))).toBeGreaterThanOrEqual(
        0,
      );
    }),
  );
});

test('a shift back is exact, or ends at the legal minimum', () => {
  fc.assert(
    fc.property(orderedKind.chain(cursorValue), fc.integer({ min: 0, max: 10 * 86_400 }), (value, lookback) => {
      const shifted = shiftBack(value, lookback);
      const moved = magnitude(value.kind, value.text) - magnitude(value.kind, shifted);
      const days = BigInt(Math.ceil(lookback / 86_400));
      const exact = {
        integer: BigInt(lookback),
        date: days * DAY_NANOSECONDS,
        datetime: BigInt(lookback) * 1_000_000_000n,
        timestamp: BigInt(lookback) * 1_000_000_000n,
      }[value.kind];
      expect(value.kind === 'timestamp' && shifted === '1970-01-01 00:00:01' ? exact : moved).toBe(exact);
    }),
  );
});
