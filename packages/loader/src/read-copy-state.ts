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
}

const STATE = `
  SELECT CAST(copy_sequence AS CHAR) AS copy_sequence, CAST(rows_copied AS CHAR) AS rows_copied,
         CAST(watermarks AS CHAR) AS watermarks, highest_key, CAST(source_as_of AS CHAR) AS source_as_of,
         strategy, resume_point IS NOT NULL AS incomplete, CONCAT_WS(' ', id, _created_at) AS record
    FROM ${TRACKING_TABLES.copyStatus}
   WHERE table_name = ?`;

/**
 * Reads the copy hop's record within the snapshot that the rows are read in. Through the tracking package it would be
 * another connection, and a copy could commit in between.
 *
 * @returns null where the replica has no record of the table, or was not built by Tidemark
 */
export async function readCopyState(replica: MysqlSession, table: string): Promise<CopyState | null> {
  if (!(await hasTrackingColumns(replica))) return null;
  const [row] = await replica.query(STATE, [table]);
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
  };
}

/** The older pipeline has a table of this name without the columns that are read here. */
async function hasTrackingColumns(replica: MysqlSession): Promise<boolean> {
  const rows = await replica.query(
    `SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS
      WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND COLUMN_NAME = 'copy_sequence'`,
    [replica.database, TRACKING_TABLES.copyStatus],
  );
  return rows.length > 0;
}

function parseWatermarks(json: string | null): Watermarks {
  if (json === null) return {};
  const watermarks: Watermarks = JSON.parse(json);
  return watermarks;
}
