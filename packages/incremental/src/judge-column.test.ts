import { expect, test } from 'vitest';

import { judgeColumn } from './judge-column.ts';
import { observation } from './testing/fixtures.ts';
import type { ColumnObservation, ColumnVerdict } from './types.ts';

test.each<[ColumnVerdict, Partial<ColumnObservation>]>([
  ['no_values', { values: 0 }],
  ['all_null', { values: 3, nulls: 3 }],
  ['only_sentinels', { values: 3, sentinels: 3 }],
  ['only_sentinels', { values: 3, nulls: 2, sentinels: 1 }],
  ['out_of_range_values', { values: 3, outOfRange: 1, future: 1 }],
  ['out_of_range_values', { values: 3, nulls: 1, sentinels: 1, outOfRange: 1 }],
  ['future_values', { values: 3, nulls: 1, future: 1 }],
  ['good', { values: 3, nulls: 1, sentinels: 1 }],
  ['good', { values: 3 }],
])('%s: %o', (verdict, seen) => {
  expect(judgeColumn(observation('c', seen))).toBe(verdict);
});
