import type { ColumnQuality, Watermarks } from '@tidemark/incremental';
import type { EntityManager } from 'typeorm';

import type { HopStatusRow } from '../entities/status-row.ts';
import { errorWord, statusWord, strategyWord } from '../stored-words.ts';
import type { Tier } from '../tier.ts';
import { isoTime, timeText } from '../time-text.ts';
import type { HopState } from '../types.ts';

/** All columns as the driver gives them: text, or a small number. */
type RawState = { readonly [Column in keyof HopStatusRow]: string | number | null } & {
  readonly resume?: string | null;
};

const COLUMNS = [
  'lastSucceeded',
  'rows',
  'status',
  'lastError',
  'consecutiveFailures',
  'watermarks',
  'highestKey',
  'structure',
  'copySequence',
  'sourceAsOf',
  'strategy',
  'digestedAt',
  'columnQuality',
] as const;

/** The records of a hop by table name, or the one of a table. */
export async function readStates(manager: EntityManager, tier: Tier, table?: string): Promise<HopState[]> {
  const query = manager.createQueryBuilder().from(tier.status, 'status').select('status.table', 'table');
  for (const column of COLUMNS) query.addSelect(`status.${column}`, column);
  if (tier.hop === 'copy') query.addSelect('status.resume', 'resume');
  if (table !== undefined) query.where('status.table = :table', { table });
  const rows = await query.orderBy('status.table').getRawMany<RawState>();
  return rows.map(asState);
}

export async function readState(manager: EntityManager, tier: Tier, table: string): Promise<HopState | null> {
  const [state] = await readStates(manager, tier, table);
  return state ?? null;
}

/**
 * A record counts as a success only when Tidemark wrote one: it has a strategy then. The pending records of the
 * backfill ('2024-01-01'), the default of 1969 and what an older pipeline left are no state to go on from.
 */
function asState(row: RawState): HopState {
  const succeeded = row.strategy !== null;
  return {
    table: String(row.table),
    status: statusWord(row.status === 'success' && !succeeded ? null : row.status),
    succeeded,
    lastSucceededAt: succeeded ? isoTime(String(row.lastSucceeded)) : null,
    rows: Number(row.rows ?? 0),
    watermarks: parseWatermarks(row.watermarks),
    highestKey: textOrNull(row.highestKey),
    structure: textOrNull(row.structure),
    copySequence: textOrNull(row.copySequence),
    sourceAsOf: row.sourceAsOf === null ? null : timeText(String(row.sourceAsOf)),
    strategy: strategyWord(row.strategy),
    lastError: errorWord(row.lastError),
    consecutiveFailures: Number(row.consecutiveFailures ?? 0),
    resume: row.resume ?? null,
    digestedAt: row.digestedAt === null ? null : timeText(String(row.digestedAt)),
    columnQuality: parseQuality(row.columnQuality),
  };
}

function textOrNull(value: string | number | null): string | null {
  return value === null ? null : String(value);
}

function parseQuality(value: string | number | null): readonly ColumnQuality[] {
  if (value === null) return [];
  const quality: ColumnQuality[] = JSON.parse(String(value));
  return quality;
}

function parseWatermarks(value: string | number | null): Watermarks {
  if (value === null) return {};
  const watermarks: Watermarks = JSON.parse(String(value));
  return watermarks;
}
