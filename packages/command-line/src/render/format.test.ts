import { expect, it } from 'vitest';

import { formatCount, formatDuration, formatTime, plural, toIso } from './format.ts';

it.each([
  [0, '0ms'],
  [400.4, '400ms'],
  [1_234, '1.2s'],
  [12_345, '12s'],
  [133_000, '2m 13s'],
  [3_720_000, '1h 2m'],
  [200_000_000, '2d 7h'],
])('%i ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

it('formats counts and times', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567');
  expect([plural(1, 'table'), plural(2, 'table')]).toEqual(['1 table', '2 tables']);
  expect(toIso('2026-03-01 21:04:07.123456')).toBe('2026-03-01T21:04:07.123Z');
  expect(formatTime('2026-03-01T21:04:07.123Z')).toBe('2026-03-01 21:04:07 UTC');
  expect(formatTime(null)).toBe('–');
});
