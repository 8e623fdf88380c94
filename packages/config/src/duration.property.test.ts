import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parseDuration, renderDuration } from './duration.ts';

describe('parseDuration', () => {
  test.each([
    ['10m', 600],
    ['10 min', 600],
    ['70 min', 4200],
    ['1 day', 86_400],
    ['2 days', 172_800],
    ['1.5 hours', 5400],
    ['1 week', 604_800],
    ['90', 90],
    [90, 90],
    [0, 0],
    ['0', 0],
    ['  2 H ', 7200],
    [0.2, 1],
    ['0.1 s', 1],
  ])('reads %j as %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  test.each([
    '',
    ' ',
    'm',
    '10 parsecs',
    '10m garbage',
    '-1',
    '-5m',
    '1e3',
    '1 month',
    '101 years',
    '40000 days',
    'Infinity',
    'constructor',
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    true,
    null,
    [1],
    {},
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  test('reads back what renderDuration writes', () => {
    const units = fc.constantFrom(1, 60, 3600, 86_400, 604_800);
    fc.assert(
      fc.property(fc.nat(5000), units, (amount, unit) => {
        expect(parseDuration(renderDuration(amount * unit))).toBe(amount * unit);
      }),
    );
  });

  test('answers any text and number without throwing, never with less than was asked for', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double(), fc.anything()), (value) => {
        const seconds = parseDuration(value);
        expect(seconds === null || (Number.isInteger(seconds) && seconds >= 0)).toBe(true);
        expect(typeof value === 'number' && seconds !== null && seconds < value).toBe(false);
      }),
    );
  });

  test.each([
    [0, '0 s'],
    [45, '45 s'],
    [60, '1 min'],
    [4200, '70 min'],
    [3600, '1 hour'],
    [86_400, '1 day'],
    [172_800, '2 days'],
    [604_800, '1 week'],
  ])('renderDuration(%d) is %j', (seconds, text) => {
    expect(renderDuration(seconds)).toBe(text);
  });
});
