import type { TidemarkError } from '@tidemark/errors';
import type { LoadTracking } from '@tidemark/tracking';

import { whyOverCap } from './refuse-over-cap.ts';

/** What a repair is going to take out of raw, in rows. */
export interface ForeseenRepair {
  readonly table: string;
  readonly allowDeletes: boolean;
  readonly deletes: number;
}

/** What a repair would be refused with because of the rows it removes; null where it would not. Only reads. */
export async function foreseeRepair(
  tracking: LoadTracking,
  { table, allowDeletes, deletes }: ForeseenRepair,
): Promise<TidemarkError | null> {
  const state = await tracking.state(table);
  const kept = keptBeside(deletes, state?.rows);
  return whyOverCap({ table, allowDeletes, wasLoaded: state?.succeeded === true }, { missing: deletes, kept });
}

/** Rows that stay in raw, by what is recorded of it: no repair counts a table for this. */
export function keptBeside(deletes: number, rows = 0): number {
  return Math.max(0, rows - deletes);
}
