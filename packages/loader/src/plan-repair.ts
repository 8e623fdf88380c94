import type { HopState } from '@tidemark/tracking';

import type { MarkFollower } from './follow-marks.ts';
import type { LoadPlan } from './plan-load.ts';
import type { NamedRows } from './types.ts';

/** The plan of a load that reads named rows only. Keys are patient data: the reason has their number. */
export function planRepair({ keys }: NamedRows): LoadPlan {
  const reason = `A comparison found ${keys.length} rows that differ.`;
  // What is read is asked for in batches of keys.
  return { kind: 'repair', reason, where: { sql: 'FALSE', params: [] }, tombstones: null, observe: [] };
}

/** Named rows say nothing of the others: every mark stays where the last load left it. */
export function keepMarks({ watermarks, highestKey, sourceAsOf, columnQuality }: HopState): MarkFollower {
  return { observe: new Map(), reached: () => ({ watermarks, highestKey, sourceAsOf, columnQuality }) };
}
