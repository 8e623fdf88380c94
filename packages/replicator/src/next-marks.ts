import {
  advanceHighestKey,
  advanceWatermarks,
  marksToKeep,
  rememberQuality,
  type ColumnObservation,
  type ColumnQuality,
  type Plan,
  type SnapshotTime,
  type Watermarks,
} from '@tidemark/incremental';
import { fingerprintOf, toPlanTable } from '@tidemark/mysql';

import type { CopyContext } from './copy-context.ts';

export interface Seen {
  readonly observations: readonly ColumnObservation[];
  readonly highestKey: string | null;
  /** Read before the first row of what was seen. */
  readonly snapshot: SnapshotTime;
  readonly openTransactionAgeSeconds: number | null;
}

export interface NextMarks {
  readonly watermarks: Watermarks;
  readonly highestKey: string | null;
  readonly columnQuality: readonly ColumnQuality[];
}

/** What a success may record of columns and keys, given what was recorded before and what was read now. */
export function nextMarks(context: CopyContext, plan: Plan, seen: Seen): NextMarks {
  const previous = marksToKeep(
    context.state && { ...context.state, structure: fingerprintOf(context.state.structure) },
    context.structure,
  );
  const { keyIsAutoIncrement } = toPlanTable(context.sourceTable, context.key);
  return {
    watermarks: advanceWatermarks({ ...seen, previous: previous.watermarks, columns: plan.observe }),
    highestKey: keyIsAutoIncrement
      ? // A full read has seen every key: a source that was set back gives out keys that were there before.
        advanceHighestKey({ previous: plan.kind === 'full' ? null : previous.highestKey, highest: seen.highestKey })
      : null,
    columnQuality: rememberQuality(context.state?.columnQuality ?? [], seen.observations),
  };
}
