import type { ColumnQuality } from './types.ts';

/**
 * What is known of the columns after a run, to be stored with its success and handed to the next `plan`.
 *
 * The last run that saw a value of a column speaks for it. A run that saw none, because it read no row or because the
 * `skip` policy had dropped the column, says nothing: a bad column would come and go with every quiet run.
 */
export function rememberQuality(
  previous: readonly ColumnQuality[],
  observations: readonly ColumnQuality[],
): readonly ColumnQuality[] {
  const byColumn = new Map(previous.map((quality) => [quality.column, quality]));
  for (const { column, values, nulls, sentinels, outOfRange, future } of observations) {
    if (values > 0) byColumn.set(column, { column, values, nulls, sentinels, outOfRange, future });
  }
  return [...byColumn.values()];
}
