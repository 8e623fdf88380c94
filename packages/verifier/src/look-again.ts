import { setTimeout as sleep } from 'node:timers/promises';

import { lookAtRows, ROWS_OF_A_LOOK, type LookedAt } from './look-at-rows.ts';
import type { Tally } from './tally.ts';
import { stopIfAsked, type VerifyContext } from './verify-context.ts';

/** Milliseconds between two looks at a row that differs. */
const PAUSE_MS = 1000;
/** Further looks at a row that changes between two of them. */
const ROUNDS = 3;

/**
 * Looks again at rows that differed. What two looks find unchanged in the source is a difference; a row that changed
 * between them is looked at once more, and in the end counted as in motion.
 */
export async function lookAgain(context: VerifyContext, first: readonly LookedAt[], tally: Tally): Promise<void> {
  let open = first;
  for (let round = 0; round < ROUNDS && open.length > 0; round += 1) {
    await sleep(context.deps.pauseMs ?? PAUSE_MS);
    const moved: LookedAt[] = [];
    for (let from = 0; from < open.length; from += ROWS_OF_A_LOOK) {
      stopIfAsked(context);
      const batch = open.slice(from, from + ROWS_OF_A_LOOK);
      const again = await lookAtRows(
        context,
        batch.map(({ key }) => key),
      );
      for (const [place, row] of again.entries()) {
        const isSettled = row.verdict.state !== 'differs' || row.sourcePrint === batch[place]?.sourcePrint;
        if (isSettled) tally.count(row);
        else moved.push(row);
      }
    }
    open = moved;
  }
  for (const _ of open) tally.countInMotion();
}
