import type { ColumnQuality, ColumnVerdict } from './types.ts';

/** Says in one word how trustworthy a column looked in one run; the worst that holds. */
export function judgeColumn(observation: ColumnQuality): ColumnVerdict {
  const { values, nulls, sentinels, outOfRange, future } = observation;
  if (values === 0) {
    return 'no_values';
  }
  if (nulls === values) {
    return 'all_null';
  }
  if (nulls + sentinels === values) {
    return 'only_sentinels';
  }
  if (outOfRange > 0) {
    return 'out_of_range_values';
  }
  return future > 0 ? 'future_values' : 'good';
}
