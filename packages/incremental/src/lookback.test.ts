import { describe, expect, test } from 'vitest';

import { lookbackFor, lookbackOf } from './lookback.ts';
import { column, settings } from './testing/fixtures.ts';

describe('lookback', () => {
  test('the defaults of the kinds', () => {
    expect(lookbackOf('timestamp')).toBe(600);
    expect(lookbackOf('datetime')).toBe(4200);
    expect(lookbackOf('date')).toBe(86_400);
    expect(lookbackOf('integer')).toBe(0);
  });

  test('a configured lookback wins, zero too, whatever the case of the name', () => {
    const stamp = column('DateTStamp', 'timestamp');
    expect(lookbackFor(stamp, settings({ lookbackSeconds: { datetstamp: 5 } }))).toBe(5);
    expect(lookbackFor(stamp, settings({ lookbackSeconds: { DateTStamp: 0 } }))).toBe(0);
    expect(lookbackFor(stamp, settings({ lookbackSeconds: { Other: 0 } }))).toBe(600);
  });

  test('one for every column holds for times and never for counters', () => {
    const every = settings({ lookbackSeconds: { '*': 30, DateTStamp: 5 } });
    expect(lookbackFor(column('AptDateTime', 'datetime'), every)).toBe(30);
    expect(lookbackFor(column('DateTStamp', 'timestamp'), every)).toBe(5);
    expect(lookbackFor(column('Version', 'integer'), every)).toBe(0);
  });

  test.each([-1, Number.NaN])('%d would skip rows', (seconds) => {
    const stamp = column('DateTStamp', 'timestamp');
    expect(() => lookbackFor(stamp, settings({ lookbackSeconds: { DateTStamp: seconds } }))).toThrow(RangeError);
  });
});
