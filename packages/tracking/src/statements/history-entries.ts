import type { ErrorCode } from '@tidemark/errors';
import type { EntityManager } from 'typeorm';

import type { Tier } from '../tier.ts';
import type { AttemptCost, ChangeCounts, RowCounts, RunStart } from '../types.ts';

const NOTHING_COUNTED: RowCounts = {
  rowsRead: 0,
  rowsInserted: 0,
  rowsUpdated: 0,
  rowsDeleted: 0,
  rowsUnchanged: 0,
  bytes: 0,
};

/**
 * Every column but the number that the database counts up. TypeORM would list it with DEFAULT, and MariaDB before 11
 * takes that for 0 under NO_AUTO_VALUE_ON_ZERO, which the rows' session has.
 */
const WRITTEN_AT_START = [
  'runId',
  'table',
  'hop',
  'attempt',
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
];

export interface EntryStart extends RunStart {
  /** Server-side id of the session that runs it; null where there is none. */
  readonly backendId: string | null;
}

/** One attempt of a run at a table. */
export interface EntryName {
  readonly runId: string;
  readonly table: string;
  readonly attempt: number;
}

/**
 * Writes the entry of an attempt that starts. The lock of the table keeps two from counting at once.
 *
 * @returns its number: one more than the attempts that the same run has made at the table before
 */
export async function insertEntry(manager: EntityManager, tier: Tier, start: EntryStart): Promise<number> {
  const attempt = (await lastAttempt(manager, tier, start)) + 1;
  await manager
    .createQueryBuilder()
    .insert()
    .into(tier.history, WRITTEN_AT_START)
    .values({
      ...NOTHING_COUNTED,
      runId: start.runId,
      table: start.table,
      hop: tier.hop,
      attempt,
      startedAt: () => tier.utcNow,
      finishedAt: null,
      plan: start.plan,
      reason: start.reason,
      changes: null,
      status: null,
      errorCode: null,
      backendId: start.backendId,
    })
    .updateEntity(false)
    .execute();
  return attempt;
}

async function lastAttempt(manager: EntityManager, tier: Tier, { runId, table }: RunStart): Promise<number> {
  const row = await manager
    .createQueryBuilder()
    .from(tier.history, 'entry')
    .select('MAX(entry.attempt)', 'last')
    .where('entry.runId = :runId AND entry.table = :table AND entry.hop = :hop', { runId, table, hop: tier.hop })
    .getRawOne<{ last: string | number | null }>();
  return Number(row?.last ?? 0);
}

export interface EntryEnd {
  readonly status: 'success' | 'failed';
  readonly errorCode: ErrorCode | null;
  readonly counts?: RowCounts;
  readonly changes?: ChangeCounts;
  readonly cost?: AttemptCost;
}

/** Ends the entry of an attempt. */
export async function finishEntry(
  manager: EntityManager,
  tier: Tier,
  entry: EntryName,
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
      ...(end.cost ? costColumns(end.cost) : {}),
    })
    .where('run_id = :runId AND table_name = :table AND hop = :hop AND attempt = :attempt', { ...entry, hop: tier.hop })
    .updateEntity(false)
    .execute();
  return result.affected ?? 0;
}

function countColumns(counts: RowCounts): RowCounts {
  const { rowsRead, rowsInserted, rowsUpdated, rowsDeleted, rowsUnchanged, bytes } = counts;
  return { rowsRead, rowsInserted, rowsUpdated, rowsDeleted, rowsUnchanged, bytes };
}

function costColumns({ elapsedMs, trackingMs, statements, trackingStatements }: AttemptCost) {
  const [elapsedTime, trackingTime] = [elapsedMs, trackingMs].map((ms) => Math.round(ms * 1000));
  return { elapsedTime, trackingTime, statements, trackingStatements };
}

/** The entries of a table that have no end. */
export async function unfinishedEntries(manager: EntityManager, tier: Tier, table: string): Promise<EntryName[]> {
  const rows = await manager
    .createQueryBuilder()
    .from(tier.history, 'entry')
    .select('entry.runId', 'runId')
    .addSelect('entry.attempt', 'attempt')
    .where('entry.table = :table AND entry.hop = :hop AND entry.finishedAt IS NULL', { table, hop: tier.hop })
    .orderBy('entry.id')
    .getRawMany<{ runId: string; attempt: string | number }>();
  return rows.map((row) => ({ runId: row.runId, table, attempt: Number(row.attempt) }));
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
