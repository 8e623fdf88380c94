import { describe, expect, test } from 'vitest';

import type { OrderedKind } from './cursor-value.ts';
import { lowestCursorValue, parseCursorValue } from './parse-cursor-value.ts';

describe('parseCursorValue', () => {
  test.each<[OrderedKind, string, string]>([
    ['timestamp', '2024-03-10 12:00:00', '2024-03-10 12:00:00'],
    ['datetime', '2024-03-10 12:00:00.123456', '2024-03-10 12:00:00.123456'],
    ['datetime', '1900-01-01 00:00:00', '1900-01-01 00:00:00'],
    ['datetime', '2100-12-31 23:59:59', '2100-12-31 23:59:59'],
    ['date', '2024-02-29', '2024-02-29'],
    ['integer', '18446744073709551615', '18446744073709551615'],
    ['integer', '-12', '-12'],
    ['integer', '0000000042', '42'],
  ])('%s %s is trustworthy', (kind, text, expected) => {
    expect(parseCursorValue(kind, text)).toEqual({ kind, text: expected });
  });

  test('a day that the month does not have becomes the last one: lower, and legal as a bound', () => {
    expect(parseCursorValue('date', '2023-02-31')?.text).toBe('2023-02-28');
    expect(parseCursorValue('datetime', '2024-02-30 10:00:00.5')?.text).toBe('2024-02-29 10:00:00.5');
  });

  test.each<[OrderedKind, string]>([
    ['datetime', '0000-00-00 00:00:00'],
    ['datetime', '0001-01-01 00:00:00'],
    ['datetime', '1899-12-31 23:59:59'],
    ['datetime', '2101-01-01 00:00:00'],
    ['datetime', '2024-00-10 00:00:00'],
    ['datetime', '2024-10-00 00:00:00'],
    ['datetime', '2024-13-01 00:00:00'],
    ['datetime', '2024-12-32 00:00:00'],
    ['datetime', '2024-01-01 24:00:00'],
    ['datetime', '2024-01-01 23:60:00'],
    ['datetime', '2024-01-01T00:00:00'],
    ['datetime', '2024-01-01'],
    ['datetime', '2024-01-01 00:00:00.1234567'],
    ['timestamp', ''],
    ['date', '2024-01-01 00:00:00'],
    ['date', '0001-01-01'],
    ['integer', '1.5'],
    ['integer', ''],
    ['integer', '2024-01-01'],
  ])('%s "%s" is not', (kind, text) => {
    expect(parseCursorValue(kind, text)).toBeNull();
  });

  test.each<OrderedKind>(['timestamp', 'datetime', 'date', 'integer'])(
    'the lowest %s is itself trustworthy',
    (kind) => {
      expect(parseCursorValue(kind, lowestCursorValue(kind).text)).toEqual(lowestCursorValue(kind));
    },
  );
});
