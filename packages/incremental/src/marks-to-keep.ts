import type { PlanState } from './types.ts';

/** Where the last success left off, as `advanceWatermarks` and `advanceHighestKey` take it for `previous`. */
export type Marks = Pick<PlanState, 'watermarks' | 'highestKey'>;

/**
 * The marks that still hold. None when the structure is not the one they were taken from, whatever else the reason of
 * the plan is: a column that went from TIMESTAMP to DATETIME went from UTC to wall clock, so its old watermark may lie
 * hours ahead of every new stamp. Every plan reads the whole table then, so nothing is lost by starting anew.
 */
export function marksToKeep(state: PlanState | null, structure: string): Marks {
  return state === null || state.structure !== structure
    ? { watermarks: {}, highestKey: null }
    : { watermarks: state.watermarks, highestKey: state.highestKey };
}
