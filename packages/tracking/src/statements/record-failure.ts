import type { ErrorCode } from '@tidemark/errors';
import type { EntityManager } from 'typeorm';

import type { Tier } from '../tier.ts';
import { finishEntry, insertEntry } from './history-entries.ts';
import { updateStatus } from './update-status.ts';

export interface Failure {
  readonly table: string;
  readonly runId: string;
  readonly code: ErrorCode;
}

interface EntryId {
  readonly id: string;
  readonly status: string | null;
}

/**
 * Says that a run failed, in one transaction, and moves no watermark, time or count (P4).
 *
 * A run whose success is recorded stays one: its COMMIT arrived though the answer to it was lost. And where a later run
 * of the table has succeeded since, the status is its, and only the history tells of this failure.
 */
export async function recordFailure(manager: EntityManager, tier: Tier, failure: Failure): Promise<void> {
  await manager.transaction(async (transaction) => {
    let entry = await findEntry(transaction, tier, failure);
    if (entry?.status === 'success') return;
    if (!entry) {
      await insertEntry(transaction, tier, {
        runId: failure.runId,
        table: failure.table,
        plan: 'none',
        reason: 'failed before there was a plan',
        backendId: null,
      });
      entry = await findEntry(transaction, tier, failure);
    }
    await finishEntry(transaction, tier, failure, { status: 'failed', errorCode: failure.code });
    // A run that was asked to stop did not fail: the history alone says why it ended.
    if (failure.code === 'STOPPED') return;
    if (entry && (await laterSuccess(transaction, tier, failure.table, entry.id))) return;
    await failStatus(transaction, tier, failure.table, failure.code);
  });
}

/** The only columns of the status record that a failure touches. */
export async function failStatus(manager: EntityManager, tier: Tier, table: string, code: ErrorCode): Promise<void> {
  const set = { status: 'failed', lastError: code, consecutiveFailures: () => 'consecutive_failures + 1' };
  await updateStatus(manager, tier, table, { set });
}

/** Waits for a COMMIT that is still under way on the connection that broke. */
async function findEntry(manager: EntityManager, tier: Tier, failure: Failure): Promise<EntryId | undefined> {
  return manager
    .createQueryBuilder()
    .from(tier.history, 'entry')
    .select('entry.id', 'id')
    .addSelect('entry.status', 'status')
    .where('entry.runId = :runId AND entry.table = :table AND entry.hop = :hop', {
      runId: failure.runId,
      table: failure.table,
      hop: tier.hop,
    })
    .setLock('pessimistic_write')
    .getRawOne<EntryId>();
}

async function laterSuccess(manager: EntityManager, tier: Tier, table: string, id: string): Promise<boolean> {
  const later = await manager
    .createQueryBuilder()
    .from(tier.history, 'entry')
    .select('entry.id', 'id')
    .where("entry.table = :table AND entry.hop = :hop AND entry.id > :id AND entry.status = 'success'", {
      table,
      hop: tier.hop,
      id,
    })
    .limit(1)
    .getRawOne<{ id: string }>();
  return later !== undefined;
}
