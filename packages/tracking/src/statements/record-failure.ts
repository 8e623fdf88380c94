import type { ErrorCode } from '@tidemark/errors';
import type { EntityManager } from 'typeorm';

import type { Tier } from '../tier.ts';
import { finishEntry, insertEntry, type EntryName } from './history-entries.ts';
import { updateStatus } from './update-status.ts';

export interface Failure {
  readonly table: string;
  readonly runId: string;
  /** Null: it failed before it had an entry. */
  readonly attempt: number | null;
  readonly code: ErrorCode;
}

interface FoundEntry {
  readonly id: string;
  readonly status: string | null;
}

/**
 * Says that an attempt failed, in one transaction, and moves no watermark, time or count (P4).
 *
 * An attempt whose success is recorded stays one: its COMMIT arrived though the answer to it was lost. And where a later
 * run of the table has succeeded since, the status is its, and only the history tells of this failure.
 */
export async function recordFailure(manager: EntityManager, tier: Tier, failure: Failure): Promise<void> {
  await manager.transaction(async (transaction) => {
    const { runId, table } = failure;
    const entry = { runId, table, attempt: failure.attempt ?? (await insertFailed(transaction, tier, failure)) };
    const found = await findEntry(transaction, tier, entry);
    if (found?.status === 'success') return;
    await finishEntry(transaction, tier, entry, { status: 'failed', errorCode: failure.code });
    // A run that was asked to stop did not fail: the history alone says why it ended.
    if (failure.code === 'STOPPED') return;
    if (found && (await laterSuccess(transaction, tier, table, found.id))) return;
    await failStatus(transaction, tier, table, failure.code);
  });
}

function insertFailed(manager: EntityManager, tier: Tier, { runId, table }: Failure): Promise<number> {
  const reason = 'failed before there was a plan';
  return insertEntry(manager, tier, { runId, table, plan: 'none', reason, backendId: null });
}

/** The only columns of the status record that a failure touches. */
export async function failStatus(manager: EntityManager, tier: Tier, table: string, code: ErrorCode): Promise<void> {
  const set = { status: 'failed', lastError: code, consecutiveFailures: () => 'consecutive_failures + 1' };
  await updateStatus(manager, tier, table, { set });
}

/** Waits for a COMMIT that is still under way on the connection that broke. */
async function findEntry(manager: EntityManager, tier: Tier, entry: EntryName): Promise<FoundEntry | undefined> {
  return manager
    .createQueryBuilder()
    .from(tier.history, 'entry')
    .select('entry.id', 'id')
    .addSelect('entry.status', 'status')
    .where('entry.runId = :runId AND entry.table = :table AND entry.hop = :hop AND entry.attempt = :attempt', {
      ...entry,
      hop: tier.hop,
    })
    .setLock('pessimistic_write')
    .getRawOne<FoundEntry>();
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
