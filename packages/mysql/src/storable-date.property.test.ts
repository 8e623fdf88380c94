import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { isStorableDate } from './storable-date.ts';

/** Whether a calendar has the day. `Date` counts days over a month's end into the next month. */
function isRealDay(year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

test('agrees with the calendar on every date that MySQL can hold', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9999 }), fc.nat(12), fc.nat(31), (year, month, day) => {
      const pad = (number: number, digits: number): string => String(number).padStart(digits, '0');
      const verdict = isStorableDate(Buffer.from(`${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`), 0);
      const realDay = isRealDay(year, month, day) ? 'yes' : 'no';
      expect(verdict).toBe(year === 0 || month === 0 || day === 0 ? 'zero' : realDay);
    }),
    { numRuns: 5000 },
  );
});
