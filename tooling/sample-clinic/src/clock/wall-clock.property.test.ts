import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { dateText, dateTimeText, parseWallClock, plusSeconds } from './wall-clock.ts';

const wallClocks = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
});

test('text and day number agree with the calendar the platform keeps', () => {
  fc.assert(
    fc.property(wallClocks, (date) => {
      const text = date.toISOString().slice(0, 19).replace('T', ' ');
      const parsed = parseWallClock(text);
      expect(parsed.day).toBe(Math.floor(date.getTime() / 86_400_000));
      expect(dateText(parsed.day)).toBe(text.slice(0, 10));
      expect(dateTimeText(parsed)).toBe(text);
    }),
  );
});

test('seconds run over midnight in both directions', () => {
  fc.assert(
    fc.property(wallClocks, fc.integer({ min: -1_000_000, max: 1_000_000 }), (date, seconds) => {
      const at = parseWallClock(date.toISOString().slice(0, 19));
      const later = plusSeconds(at, seconds);
      expect(later.second).toBeGreaterThanOrEqual(0);
      expect(later.second).toBeLessThan(86_400);
      expect(later.day * 86_400 + later.second).toBe(at.day * 86_400 + at.second + seconds);
    }),
  );
});

test('what is no time is refused', () => {
  expect(() => parseWallClock('yesterday')).toThrow('wall-clock');
});
