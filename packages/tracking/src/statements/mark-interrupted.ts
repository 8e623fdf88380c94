import type { EntityManager } from 'typeorm';

import { reachPoint } from '../reach-point.ts';
import type { Tier } from '../tier.ts';
import { finishEntry, unfinishedEntries } from './history-entries.ts';
import { failStatus } from './record-failure.ts';

/**
 * Ends the entries of runs that are gone: whoever holds the table's lock knows that no other run is at it, so an entry
 * without an end belongs to a process that was killed or lost its connection.
 */
export async function markInterrupted(manager: EntityManager, tier: Tier, table: string): Promise<void> {
  const entries = await unfinishedEntries(manager, tier, table);
  if (entries.length === 0) return;
  await reachPoint(tier.points.interruptionFound, table);
  await manager.transaction(async (transaction) => {
    for (const entry of entries) {
      await finishEntry(transaction, tier, entry, { status: 'failed', errorCode: 'INTERRUPTED' });
      await failStatus(transaction, tier, table, 'INTERRUPTED');
    }
  });
  await reachPoint(tier.points.interruptionRecorded, table);
}
