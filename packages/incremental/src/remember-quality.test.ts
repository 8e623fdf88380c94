import { expect, test } from 'vitest';

import { rememberQuality } from './remember-quality.ts';

const NOTHING = { values: 0, nulls: 0, sentinels: 0, outOfRange: 0, future: 0 };

test('the last run that saw a value of a column speaks for it', () => {
  const earlier = [
    { ...NOTHING, column: 'DateTStamp', values: 5 },
    { ...NOTHING, column: 'SecDateTEdit', values: 5, nulls: 5 },
  ];
  const now = [{ ...NOTHING, column: 'SecDateTEdit', values: 7, sentinels: 2 }];
  expect(rememberQuality(earlier, now)).toEqual([
    { ...NOTHING, column: 'DateTStamp', values: 5 },
    { ...NOTHING, column: 'SecDateTEdit', values: 7, sentinels: 2 },
  ]);
});

test('a run that read no row leaves what was known', () => {
  const earlier = [{ ...NOTHING, column: 'DateTStamp', values: 5, nulls: 5 }];
  expect(rememberQuality(earlier, [{ ...NOTHING, column: 'DateTStamp' }])).toEqual(earlier);
});

test('keeps no value of a row', () => {
  const observed = [{ ...NOTHING, column: 'DateTStamp', values: 1, highest: '2026-03-01 10:00:00' }];
  expect(JSON.stringify(rememberQuality([], observed))).not.toContain('2026');
});
