import { TidemarkError } from '@tidemark/errors';
import type { Watermarks } from '@tidemark/incremental';
import type { EntityManager } from 'typeorm';

import type { Tier } from '../tier.ts';
import { readState } from './read-states.ts';
import { updateStatus } from './update-status.ts';

/**
 * Forgets what was done with a table, so that the next run is a full one.
 *
 * The copy sequence of the copy hop stays: it must never be lower than the number a replica row carries, or the load
 * hop would take new rows for loaded ones. In the load hop it is what says "all loaded up to here", and goes.
 */
export async function resetState(manager: EntityManager, tier: Tier, table: string): Promise<void> {
  await updateStatus(manager, tier, table, {
    set: {
      lastSucceeded: () => ':never',
      rows: '0',
      status: 'pending',
      watermarks: null,
      highestKey: null,
      structure: null,
      sourceAsOf: null,
      strategy: null,
      digestedAt: null,
      columnQuality: null,
      lastError: null,
      consecutiveFailures: 0,
      ...(tier.hop === 'copy' ? { resume: null } : { copySequence: null }),
    },
    parameters: { never: '1969-01-01 00:00:00' },
  });
}

/** Forgets which columns were copied, and how far a first copy came: rows that are there may lack values. */
export async function forgetColumns(manager: EntityManager, tier: Tier, table: string): Promise<void> {
  await updateStatus(manager, tier, table, { set: { structure: null, resume: null } });
}

/** @throws TidemarkError when the table has no success whose watermarks could be replaced */
export async function replaceWatermarks(
  manager: EntityManager,
  tier: Tier,
  table: string,
  watermarks: Watermarks,
): Promise<void> {
  const state = await readState(manager, tier, table);
  if (!state?.succeeded) {
    throw new TidemarkError('TABLE_UNKNOWN', {
      message: `${tier.where}: no ${tier.hop} of this table has succeeded, so it has no watermarks`,
      hint: 'Nothing to do: its next run is a full one.',
      table,
    });
  }
  await updateStatus(manager, tier, table, { set: { watermarks: { ...watermarks } } });
}
