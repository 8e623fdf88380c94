import type { EntityManager } from 'typeorm';

import type { Tier } from '../tier.ts';
import type { HopSuccess } from '../types.ts';
import { updateStatus } from './update-status.ts';

/** Writes what a success leaves behind. Belongs into the transaction of its rows (P1). */
export async function recordSuccess(
  manager: EntityManager,
  tier: Tier,
  table: string,
  success: HopSuccess,
): Promise<void> {
  const parameters = { sourceAsOf: success.sourceAsOf, digestedAt: success.digestedAt };
  const set = {
    lastSucceeded: () => tier.utcNow,
    rows: String(success.rows),
    status: 'success',
    watermarks: { ...success.watermarks },
    highestKey: success.highestKey,
    structure: success.structure,
    copySequence: success.copySequence,
    sourceAsOf: success.sourceAsOf === null ? null : () => ':sourceAsOf',
    strategy: success.strategy,
    digestedAt: success.digestedAt === null ? null : () => ':digestedAt',
    columnQuality: [...success.columnQuality],
    lastError: null,
    consecutiveFailures: 0,
    ...(tier.hop === 'copy' ? { resume: null } : { writtenAt: () => tier.utcNow }),
  };
  await updateStatus(manager, tier, table, { set, parameters });
}
