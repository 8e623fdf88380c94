import { UNTHROTTLED } from '@tidemark/mysql';

import { stopIfAsked, type VerifyContext } from './verify-context.ts';

type Turn = Pick<VerifyContext, 'deps' | 'input' | 'source'>;

/**
 * Waits until the next statement may read rows from the source (P9). A safe point: who is asked to stop stops here.
 *
 * @throws TidemarkError STOPPED
 */
export async function awaitTurn(context: Turn): Promise<void> {
  const { deps, source } = context;
  stopIfAsked(context);
  await throttleOf(context).ready(source, { signal: deps.signal, onPause: deps.onPause, onResume: deps.onResume });
  stopIfAsked(context);
}

/** Says how many rows of the source a statement has read. */
export function tookRows(context: Pick<Turn, 'deps'>, rows: number): void {
  throttleOf(context).took(rows);
}

/** The upper bound for the rows of one statement, which no rate may be too low for. */
export function atMost(context: Pick<Turn, 'deps'>, rows: number): number {
  return Math.min(rows, throttleOf(context).mostRows);
}

function throttleOf({ deps }: Pick<Turn, 'deps'>): typeof UNTHROTTLED {
  return deps.throttle ?? UNTHROTTLED;
}
