import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { advanceWatermarks, type AdvanceInput } from './advance-watermarks.ts';
import { cursorText, magnitude, orderedKind, timeText } from './testing/arbitraries.ts';
import { column, observation } from './testing/fixtures.ts';

const CLOCK = 1_710_000_000_000;

const run = orderedKind.chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    previous: fc.option(cursorText(kind)),
    highest: fc.option(cursorText(kind)),
    now: fc.integer({ min: CLOCK, max: CLOCK + 3 * 86_400_000 }),
    wallOffsetHours: fc.integer({ min: -12, max: 14 }),
    age: fc.option(fc.integer({ min: 0, max: 2 * 86_400 })),
  }),
);

test('a watermark never moves back, never passes the cap, and never leads its column', () => {
  fc.assert(
    fc.property(run, ({ kind, previous, highest, now, wallOffsetHours, age }) => {
      const utc = timeText(now, 6);
      const wall = timeText(now + wallOffsetHours * 3_600_000, 6);
      const input: AdvanceInput = {
        previous: previous === null ? {} : { c: previous },
        observations: [observation('c', { values: 1, highest })],
        columns: [column('c', kind)],
        snapshot: { wall, utc },
        openTransactionAgeSeconds: age,
      };
      const reached = advanceWatermarks(input)['c'];
      expect(reached).toBeDefined();
      const after = magnitude(kind, reached ?? '');
      const before = previous === null ? null : magnitude(kind, previous);
      expect(before === null || after >= before).toBe(true);
      const moved = before === null || after > before;
      const clock = BigInt(kind === 'timestamp' ? now : now + wallOffsetHours * 3_600_000) * 1_000_000n;
      const cap = clock - BigInt(age ?? 0) * 1_000_000_000n;
      expect(!moved || kind === 'integer' || after <= cap).toBe(true);
      expect(!moved || highest === null || after <= magnitude(kind, highest)).toBe(true);
      expect(advanceWatermarks({ ...input, previous: { c: reached ?? '' } })).toEqual({ c: reached });
    }),
  );
});
