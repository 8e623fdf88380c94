import { expect, test } from 'vitest';

import { isStorableDate } from './storable-date.ts';

test('looks at the place it is told', () => {
  const bytes = Buffer.from('2024-02-30|2024-02-29 23:59:59|0000-00-00');
  expect([0, 11, 31].map((at) => isStorableDate(bytes, at))).toEqual(['no', 'yes', 'zero']);
});

test.each([
  ['1900-02-29', 'no'],
  ['2000-02-29', 'yes'],
  ['0004-02-29', 'yes'],
  ['0001-01-01', 'yes'],
  ['0000-12-31', 'zero'],
  ['2024-12-00', 'zero'],
  ['2024-00-31', 'zero'],
  ['9999-12-31', 'yes'],
])('%s: %s', (text, verdict) => {
  expect(isStorableDate(Buffer.from(text), 0)).toBe(verdict);
});
