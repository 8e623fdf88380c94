import type { HopSuccess } from '@tidemark/tracking';

import type { CopyContext } from './copy-context.ts';

/**
 * A success that brought rows and yet says nothing of those that it did not see: watermarks, structure and times stay
 * where the last success left them, so that the next run reads as much again.
 */
export function holdMarks({ state }: Pick<CopyContext, 'state'>, success: HopSuccess): HopSuccess {
  return {
    ...success,
    watermarks: state?.watermarks ?? {},
    highestKey: state?.highestKey ?? null,
    structure: state?.structure ?? null,
    sourceAsOf: state?.sourceAsOf ?? null,
    digestedAt: state?.digestedAt ?? null,
    changes: { ...success.changes, marksHeldBack: 1 },
  };
}
