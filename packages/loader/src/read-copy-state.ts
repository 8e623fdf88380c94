import type { Watermarks } from '@tidemark/incremental';
import type { MysqlSession } from '@tidemark/mysql';
import { TRACKING_TABLES } from '@tidemark/tracking';

/** What the copy hop recorded with the rows of its last success. */
export interface CopyState {
  /** Whether Tidemark's copy hop ever succeeded. Everything below is meaningful only then. */
  readonly succeeded: boolean;
  /** A copy from scratch is under way: rows are missing that were there before. */
  readonly incomplete: boolean;
  readonly copySequence: string | null;
  /** Tells this record from one that was made after it was lost. */
  readonly record: string;
  readonly rows: number;
  readonly watermarks: Watermarks;
  readonly highestKey: string | null;
  /** UTC, `YYYY-MM-DD HH:MM:SS.ffffff`. */
  readonly sourceAsOf: string | null;
  /** Tombstones of this copy and earlier ones may be gone; null: all of them are kept. */
  readonly prunedTo: string | null;
}

const state = (prunedTo: string): string => `
  SELECT CAST(copy_sequence AS CHAR) AS copy_sequence, CAST(rows_copied AS CHAR) AS rows_copied,
         CAST(watermarks AS CHAR) AS watermarks, highest_key, CAST(source_as_of AS CHAR) AS source_as_of,
         ${prunedTo} AS pruned_to, strategy, resume_point IS NOT NULL AS incomplete, CONCAT_WS(' ', id, _created_at) AS record
    FROM ${TRACKING_TABLES.copyStatus}
   WHERE table_name = ?`;

/**
 * Reads the copy hop's record within the snapshot that the rows are read in. Through the tracking package it would be
 * another connection, and a copy could commit in between.
 *
 * @returns null where the replica has no record of the table, or was not built by Tidemark
 */
export async function readCopyState(replica: MysqlSession, table: string): Promise<CopyState | null> {
  const columns = await trackingColumns(replica);
  if (!columns.has('copy_sequence')) return null;
  const prunedTo = columns.has(PRUNED_TO) ? `CAST(${PRUNED_TO} AS CHAR)` : 'NULL';
  const [row] = await replica.query(state(prunedTo), [table]);
  if (!row) return null;
  return {
    // As in HopState: only a record that Tidemark wrote has a strategy.
    succeeded: row['strategy'] !== null,
    incomplete: row['incomplete'] === '1',
    copySequence: row['copy_sequence'] ?? null,
    record: row['record'] ?? '',
    rows: Number(row['rows_copied'] ?? 0),
    watermarks: parseWatermarks(row['watermarks'] ?? null),
    highestKey: row['highest_key'] ?? null,
    sourceAsOf: row['source_as_of'] ?? null,
    prunedTo: row['pruned_to'] ?? null,
  };
}

const PRUNED_TO = 'tombstones_pruned_to';

/** Whether the tracking tables of the replica know of pruning: a load asks for nothing that `migrate` did not add yet. */
export async function hasPruningColumn(replica: MysqlSession): Promise<boolean> {
  return (await trackingColumns(replica)).has(PRUNED_TO);
}

/** The older pipeline has a table of this name without the columns that are read here. */
async function trackingColumns(replica: MysqlSession): Promise<ReadonlySet<string>> {
  const rows = await replica.query(
    `SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?`,
    [replica.database, TRACKING_TABLES.copyStatus],
  );
  return new Set(rows.map((row) => row['name']?.toLowerCase() ?? ''));
}

function parseWatermarks(json: string | null): Watermarks {
  if (json === null) return {};
  const watermarks: Watermarks = JSON.parse(json);
  return watermarks;
}
