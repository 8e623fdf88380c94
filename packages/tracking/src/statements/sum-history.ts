import type { EntityManager } from 'typeorm';

import type { Tier } from '../tier.ts';
import { isoTime } from '../time-text.ts';
import type { HistorySum } from '../types.ts';

type RawSum = { readonly [Name in keyof HistorySum]: string | number | null };

/**
 * What the history holds of each table, added up by the database.
 *
 * @param since ISO 8601 UTC; attempts that started before it are left out
 */
export async function sumHistory(manager: EntityManager, tier: Tier, since: string): Promise<HistorySum[]> {
  const isDuplicate = "entry.errorCode = 'DUPLICATE_KEY'";
  const rows = await manager
    .createQueryBuilder()
    .from(tier.history, 'entry')
    .select('entry.table', 'table')
    .addSelect('COUNT(*)', 'attempts')
    .addSelect('COUNT(entry.elapsedTime)', 'measured')
    .addSelect('SUM(entry.elapsedTime)', 'elapsedMs')
    .addSelect('SUM(entry.trackingTime)', 'trackingMs')
    .addSelect('SUM(entry.statements)', 'statements')
    .addSelect('SUM(entry.trackingStatements)', 'trackingStatements')
    .addSelect(`COUNT(CASE WHEN ${isDuplicate} THEN 1 END)`, 'duplicateKeys')
    .addSelect(`MAX(CASE WHEN ${isDuplicate} THEN entry.startedAt END)`, 'lastDuplicateAt')
    .where('entry.hop = :hop AND entry.startedAt >= :since', { hop: tier.hop, since: databaseTime(since) })
    .groupBy('entry.table')
    .orderBy('entry.table')
    .getRawMany<RawSum>();
  return rows.map(asSum);
}

/** Both databases take a time without a zone so. */
function databaseTime(iso: string): string {
  return iso.replace('T', ' ').replace('Z', '');
}

function asSum(row: RawSum): HistorySum {
  return {
    table: String(row.table),
    attempts: Number(row.attempts),
    measured: Number(row.measured),
    elapsedMs: Number(row.elapsedMs) / 1000,
    trackingMs: Number(row.trackingMs) / 1000,
    statements: Number(row.statements),
    trackingStatements: Number(row.trackingStatements),
    duplicateKeys: Number(row.duplicateKeys),
    lastDuplicateAt: row.lastDuplicateAt === null ? null : isoTime(String(row.lastDuplicateAt)),
  };
}
