import { higherCursorValue, lowerCursorValue, type CursorValue, type OrderedKind } from './cursor-value.ts';
import { lowestCursorValue, parseCursorValue } from './parse-cursor-value.ts';
import { snapshotCap } from './snapshot-cap.ts';
import type { ColumnObservation, PlanColumn, SnapshotTime, Watermarks } from './types.ts';

export interface AdvanceInput {
  /** The watermarks the run started from: those of `marksToKeep`, which leaves out what a changed structure made void. */
  readonly previous: Watermarks;
  readonly observations: readonly ColumnObservation[];
  /** `plan.observe` of the run. */
  readonly columns: readonly PlanColumn[];
  /** The snapshot of the run; of a resumed one, the snapshot taken before its very first row. */
  readonly snapshot: SnapshotTime;
  /** Age of the source's oldest open transaction at the snapshot; null when there was none or it may not be read. */
  readonly openTransactionAgeSeconds: number | null;
}

/**
 * The watermarks after a run: per observed column the highest trustworthy value read, never past the cap
 * (`snapshotCap`), never lower than before.
 *
 * A column that was observed without one trustworthy value gets the lowest value of its kind. So a missing watermark
 * always means "never observed" and asks for a full read, while a column that is all NULL does not ask for one for
 * ever: a range from the lowest value selects every trustworthy value that appears later.
 *
 * Watermarks of columns that were not observed stay as they are.
 */
export function advanceWatermarks(input: AdvanceInput): Watermarks {
  const advanced = new Map(Object.entries(input.previous));
  for (const column of input.columns) {
    const observation = input.observations.findLast((candidate) => candidate.column === column.name);
    if (observation === undefined || column.kind === 'other') {
      continue;
    }
    const { kind } = column;
    const reached = reachedBy(kind, observation, snapshotCap(kind, input.snapshot, input.openTransactionAgeSeconds));
    const text = advanced.get(column.name);
    const before = text === undefined ? null : parseCursorValue(kind, text);
    advanced.set(column.name, (before === null ? reached : higherCursorValue(before, reached)).text);
  }
  return Object.fromEntries(advanced);
}

function reachedBy(kind: OrderedKind, observation: ColumnObservation, cap: CursorValue | null): CursorValue {
  const highest = observation.highest === null ? null : parseCursorValue(kind, observation.highest);
  if (highest === null) {
    return lowestCursorValue(kind);
  }
  return cap === null ? highest : lowerCursorValue(highest, cap);
}
