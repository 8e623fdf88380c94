import { describe, expect, test } from 'vitest';

import type { OrderedKind } from './cursor-value.ts';
import { parseCursorValue } from './parse-cursor-value.ts';
import { shiftBack } from './shift-back.ts';

function shift(kind: OrderedKind, text: string, seconds: number): string {
  const value = parseCursorValue(kind, text);
  if (value === null) {
    throw new Error('not a cursor value');
  }
  return shiftBack(value, seconds);
}

describe('shiftBack', () => {
  test.each<[OrderedKind, string, number, string]>([
    ['timestamp', '2024-03-01 00:05:00', 600, '2024-02-29 23:55:00'],
    ['datetime', '2024-03-10 03:00:00', 4200, '2024-03-10 01:50:00'],
    ['datetime', '2024-11-03 01:59:59', 4200, '2024-11-03 00:49:59'],
    ['datetime', '2024-01-01 00:00:00', 0, '2024-01-01 00:00:00'],
    ['datetime', '2024-01-01 00:00:00', 0.2, '2023-12-31 23:59:59'],
    ['date', '2024-03-01', 86_400, '2024-02-29'],
    ['date', '2024-03-01', 1, '2024-02-29'],
    ['date', '2024-03-01', 86_401, '2024-02-28'],
    ['date', '2024-03-01', 0, '2024-03-01'],
    ['integer', '41', 0, '41'],
    ['integer', '41', 50, '-9'],
    ['integer', '9007199254740993', 1, '9007199254740992'],
  ])('%s %s minus %d is %s', (kind, text, seconds, expected) => {
    expect(shift(kind, text, seconds)).toBe(expected);
  });

  test.each(['.5', '.120', '.000001', '.999999'])('the fraction %s keeps its digits', (fraction) => {
    expect(shift('datetime', `2024-01-01 00:00:10${fraction}`, 20)).toBe(`2023-12-31 23:59:50${fraction}`);
  });

  test('the result stays in the legal range of the type', () => {
    expect(shift('timestamp', '1970-01-01 00:05:00', 600)).toBe('1970-01-01 00:00:01');
    expect(shift('timestamp', '1970-01-01 00:00:01', 0)).toBe('1970-01-01 00:00:01');
    expect(shift('timestamp', '1970-01-01 00:10:00.5', 600)).toBe('1970-01-01 00:00:01');
    expect(shift('datetime', '1900-01-01 00:00:00', 1e12)).toBe('1000-01-01 00:00:00');
    expect(shift('datetime', '1900-01-01 00:00:00', Number.POSITIVE_INFINITY)).toBe('1000-01-01 00:00:00');
    expect(shift('date', '1900-01-01', 1e12)).toBe('1000-01-01');
  });
});
