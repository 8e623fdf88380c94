import type { EntityManager } from 'typeorm';

import type { HistoryRow } from '../entities/run-history.ts';
import { errorWord, hopWord, statusWord } from '../stored-words.ts';
import type { Tier } from '../tier.ts';
import { isoTime } from '../time-text.ts';
import type { AttemptCost, ChangeCounts, HistoryEntry, HistoryFilter } from '../types.ts';

type RawEntry = { readonly [Column in keyof HistoryRow]: string | number | null };

const DEFAULT_LIMIT = 100;

const COLUMNS = [
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
  'elapsedTime',
  'trackingTime',
  'statements',
  'trackingStatements',
] as const;

/** The history, newest first. */
export async function readHistory(manager: EntityManager, tier: Tier, filter: HistoryFilter): Promise<HistoryEntry[]> {
  const query = manager.createQueryBuilder().from(tier.history, 'entry').select('entry.id', 'id');
  for (const column of COLUMNS) query.addSelect(`entry.${column}`, column);
  if (filter.table !== undefined) query.andWhere('entry.table = :table', { table: filter.table });
  if (filter.runId !== undefined) query.andWhere('entry.runId = :runId', { runId: filter.runId });
  const rows = await query
    .orderBy('entry.id', 'DESC')
    .limit(filter.limit ?? DEFAULT_LIMIT)
    .getRawMany<RawEntry>();
  return rows.map(asEntry);
}

function asEntry(row: RawEntry): HistoryEntry {
  return {
    runId: String(row.runId),
    table: String(row.table),
    hop: hopWord(row.hop),
    attempt: Number(row.attempt),
    startedAt: isoTime(String(row.startedAt)),
    finishedAt: row.finishedAt === null ? null : isoTime(String(row.finishedAt)),
    plan: String(row.plan),
    reason: String(row.reason ?? ''),
    counts: {
      rowsRead: Number(row.rowsRead),
      rowsInserted: Number(row.rowsInserted),
      rowsUpdated: Number(row.rowsUpdated),
      rowsDeleted: Number(row.rowsDeleted),
      rowsUnchanged: Number(row.rowsUnchanged),
      bytes: Number(row.bytes),
    },
    changes: parseChanges(row.changes),
    status: row.status === null ? null : statusWord(row.status),
    errorCode: errorWord(row.errorCode),
    cost: costOf(row),
  };
}

function costOf({ elapsedTime, trackingTime, statements, trackingStatements }: RawEntry): AttemptCost | null {
  if (elapsedTime === null) return null;
  return {
    elapsedMs: Number(elapsedTime) / 1000,
    trackingMs: Number(trackingTime) / 1000,
    statements: Number(statements),
    trackingStatements: Number(trackingStatements),
  };
}

function parseChanges(value: string | number | null): ChangeCounts {
  if (value === null) return {};
  const changes: ChangeCounts = JSON.parse(String(value));
  return changes;
}
