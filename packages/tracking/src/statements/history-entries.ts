import type { ErrorCode } from '@tidemark/errors';
import type { EntityManager } from 'typeorm';

import type { Tier } from '../tier.ts';
import type { ChangeCounts, RowCounts, RunStart } from '../types.ts';

const NOTHING_COUNTED: RowCounts = {
  rowsRead: 0,
  rowsInserted: 0,
  rowsUpdated: 0,
  rowsDeleted: 0,
  rowsUnchanged: 0,
  bytes: 0,
};

export interface EntryStart extends RunStart {
  /** Server-side id of the session that runs it; null where there is none. */
  readonly backendId: string | null;
}

/** Writes the entry of a run that starts. The same run trying a table again starts its entry anew. */
export async function insertEntry(manager: EntityManager, tier: Tier, start: EntryStart): Promise<void> {
  await manager
    .createQueryBuilder()
    .insert()
    .into(tier.history, [
      'runId',
      'table',
      'hop',
      'startedAt',
      'finishedAt',
      'plan',
      'reason',
      'rowsRead',
      'rowsInserted',
      'rowsUpdated',
      'rowsDeleted',
      'rowsUnchanged',
      'bytes',
      'changes',
      'status',
      'errorCode',
      'backendId',
    ])
    .values({
      ...NOTHING_COUNTED,
      runId: start.runId,
      table: start.table,
      hop: tier.hop,
      startedAt: () => tier.utcNow,
      finishedAt: null,
      plan: start.plan,
      reason: start.reason,
      changes: null,
      status: null,
      errorCode: null,
      backendId: start.backendId,
    })
    .orUpdate(
      ['started_at', 'finished_at', 'plan', 'reason', 'changes', 'status', 'error_code', 'backend_id'],
      ['run_id', 'hop', 'table_name'],
    )
    .updateEntity(false)
    .execute();
}

export interface EntryEnd {
  readonly status: 'success' | 'failed';
  readonly errorCode: ErrorCode | null;
  readonly counts?: RowCounts;
  readonly changes?: ChangeCounts;
}

/** Ends the entry of a run. */
export async function finishEntry(
  manager: EntityManager,
  tier: Tier,
  entry: { readonly table: string; readonly runId: string },
  end: EntryEnd,
): Promise<number> {
  const result = await manager
    .createQueryBuilder()
    .update(tier.history)
    .set({
      finishedAt: () => tier.utcNow,
      status: end.status,
      errorCode: end.errorCode,
      ...(end.counts ? countColumns(end.counts) : {}),
      ...(end.changes ? { changes: { ...end.changes } } : {}),
    })
    .where('run_id = :runId AND table_name = :table AND hop = :hop', { ...entry, hop: tier.hop })
    .updateEntity(false)
    .execute();
  return result.affected ?? 0;
}

function countColumns(counts: RowCounts): RowCounts {
  const { rowsRead, rowsInserted, rowsUpdated, rowsDeleted, rowsUnchanged, bytes } = counts;
  return { rowsRead, rowsInserted, rowsUpdated, rowsDeleted, rowsUnchanged, bytes };
}

/** Run ids of the entries of a table that have no end. */
export async function unfinishedRuns(manager: EntityManager, tier: Tier, table: string): Promise<string[]> {
  const rows = await manager
    .createQueryBuilder()
    .from(tier.history, 'entry')
    .select('entry.runId', 'runId')
    .where('entry.table = :table AND entry.hop = :hop AND entry.finishedAt IS NULL', { table, hop: tier.hop })
    .orderBy('entry.id')
    .getRawMany<{ runId: string }>();
  return rows.map((row) => row.runId);
}

/** The run that a server-side session is at with a table; null when its entry is not written yet. */
export async function runOfBackend(
  manager: EntityManager,
  tier: Tier,
  table: string,
  backendId: string,
): Promise<string | null> {
  const row = await manager
    .createQueryBuilder()
    .from(tier.history, 'entry')
    .select('entry.runId', 'runId')
    .where('entry.table = :table AND entry.hop = :hop AND entry.backendId = :backendId AND entry.finishedAt IS NULL', {
      table,
      hop: tier.hop,
      backendId,
    })
    .orderBy('entry.id', 'DESC')
    .limit(1)
    .getRawOne<{ runId: string }>();
  return row?.runId ?? null;
}
