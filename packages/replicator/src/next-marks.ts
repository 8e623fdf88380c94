import {
  advanceHighestKey,
  advanceWatermarks,
  type ColumnObservation,
  type Plan,
  type SnapshotTime,
  type Watermarks,
} from '@tidemark/incremental';
import { toPlanTable } from '@tidemark/mysql';

import type { CopyContext } from './copy-context.ts';

export interface Seen {
  readonly observations: readonly ColumnObservation[];
  readonly highestKey: string | null;
  /** Read before the first row of what was seen. */
  readonly snapshot: SnapshotTime;
  readonly openTransactionAgeSeconds: number | null;
}

/** The watermarks and the highest key that a success may record, given what was recorded before and what was read now. */
export function nextMarks(
  context: CopyContext,
  plan: Plan,
  seen: Seen,
): { readonly watermarks: Watermarks; readonly highestKey: string | null } {
  // A column whose type changed may have gone from UTC to wall clock: its old watermark means nothing any more.
  const previous = plan.reason.code === 'structure_changed' ? null : context.state;
  const { keyIsAutoIncrement } = toPlanTable(context.sourceTable, context.key);
  return {
    watermarks: advanceWatermarks({ ...seen, previous: previous?.watermarks ?? {}, columns: plan.observe }),
    highestKey: keyIsAutoIncrement
      ? advanceHighestKey({ previous: previous?.highestKey ?? null, highest: seen.highestKey })
      : null,
  };
}
