import { compareIntegerTexts } from './cursor-value.ts';

/**
 * The highest key copied after a run, for a table whose key is one auto-increment integer.
 *
 * Never null: a table that was copied while empty has reached `0`, so the next run looks for every key above it. Never
 * lower than before; hand over `previous: null` after a full read to start anew.
 *
 * @param run.previous what the last success recorded; null when nothing was
 * @param run.highest the highest key among the rows read; null when no row was read
 */
export function advanceHighestKey(run: { readonly previous: string | null; readonly highest: string | null }): string {
  const previous = run.previous ?? '0';
  return run.highest !== null && compareIntegerTexts(run.highest, previous) > 0 ? run.highest : previous;
}
