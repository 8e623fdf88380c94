import { UNTHROTTLED } from '@tidemark/mysql';

import { stopIfAsked, type CopyContext } from './copy-context.ts';

/**
 * Waits until the next statement may read rows from the source: the rate of `source.max_rows_per_second`, and the pause
 * while the source is busy. A safe point: a run that is asked to stop stops here.
 *
 * @throws TidemarkError STOPPED
 */
export async function awaitTurn(context: CopyContext): Promise<void> {
  const { deps, input, source } = context;
  stopIfAsked(context);
  await throttleOf(context).ready(source, {
    signal: deps.signal,
    onPause: (pause) => deps.onProgress?.({ type: 'paused', hop: 'copy', table: input.table, ...pause }),
    onResume: (pause) => deps.onProgress?.({ type: 'resumed', hop: 'copy', table: input.table, ...pause }),
  });
  stopIfAsked(context);
}

/** Says how many rows of the source a statement has read. */
export function tookRows(context: CopyContext, rows: number): void {
  throttleOf(context).took(rows);
}

/** The upper bound for the rows of one statement, which no rate may be too low for. */
export function atMost(context: CopyContext, rows: number): number {
  return Math.min(rows, throttleOf(context).mostRows);
}

function throttleOf({ deps }: CopyContext): typeof UNTHROTTLED {
  return deps.throttle ?? UNTHROTTLED;
}
