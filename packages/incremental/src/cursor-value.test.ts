import { describe, expect, test } from 'vitest';

import { compareCursorValues, compareIntegerTexts, padFraction, type OrderedKind } from './cursor-value.ts';
import { lowestCursorValue, parseCursorValue } from './parse-cursor-value.ts';

function order(kind: OrderedKind, left: string, right: string): number {
  const [a, b] = [parseCursorValue(kind, left), parseCursorValue(kind, right)];
  if (a === null || b === null) {
    throw new Error('not a cursor value');
  }
  return Math.sign(compareCursorValues(a, b));
}

describe('the order of cursor values', () => {
  test.each<[OrderedKind, string, string, number]>([
    ['datetime', '2024-01-01 00:00:00', '2024-01-01 00:00:00', 0],
    ['datetime', '2024-01-01 00:00:00', '2024-01-01 00:00:00.5', -1],
    ['datetime', '2024-01-01 00:00:00', '2024-01-01 00:00:00.000000', 0],
    ['timestamp', '2024-01-01 00:00:00.50', '2024-01-01 00:00:00.5', 0],
    ['timestamp', '2024-01-01 00:00:01', '2024-01-01 00:00:00.999999', 1],
    ['date', '2024-01-31', '2024-02-01', -1],
    ['integer', '9', '10', -1],
    ['integer', '-9', '-10', 1],
    ['integer', '-1', '0', -1],
    ['integer', '9007199254740993', '9007199254740992', 1],
    ['integer', '18446744073709551615', '18446744073709551615', 0],
  ])('%s: %s against %s is %i', (kind, left, right, expected) => {
    expect(order(kind, left, right)).toBe(expected);
    expect(order(kind, right, left)).toBe(0 - expected);
  });

  test('UTC and wall clock are never compared', () => {
    expect(() => compareCursorValues(lowestCursorValue('timestamp'), lowestCursorValue('datetime'))).toThrow(TypeError);
  });

  test('two negative integers are equal when they are', () => {
    expect(compareIntegerTexts('-7', '-7')).toBe(0);
  });

  test('a fraction is padded to six digits, a date is left alone', () => {
    expect(padFraction('2024-01-01 00:00:00')).toBe('2024-01-01 00:00:00.000000');
    expect(padFraction('2024-01-01 00:00:00.25')).toBe('2024-01-01 00:00:00.250000');
    expect(padFraction('2024-01-01')).toBe('2024-01-01');
  });
});
