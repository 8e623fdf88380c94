import {
  advanceHighestKey,
  advanceWatermarks,
  marksToKeep,
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
  const previous = marksToKeep(context.state, context.structure);
  const { keyIsAutoIncrement } = toPlanTable(context.sourceTable, context.key);
  return {
    watermarks: advanceWatermarks({ ...seen, previous: previous.watermarks, columns: plan.observe }),
    highestKey: keyIsAutoIncrement
      ? advanceHighestKey({ previous: previous.highestKey, highest: seen.highestKey })
      : null,
  };
}
