import { TidemarkError } from '@tidemark/errors';
import type { MysqlSession } from '@tidemark/mysql';

/** What tells that OpenDental is converting its tables, or that a table was replaced, so that rows may be missing. */
export interface UpgradeSigns {
  /** Of any table. */
  readonly conversionUnderWay: boolean;
  /** Of the table itself: its rows are being moved back from a `tempConv_…` table. */
  readonly isBeingMoved: boolean;
  /** When the table was made, by the server's word: another time, another table under the same name. */
  readonly created: string | null;
  /** Preference DataBaseVersion; null where the source has no such table. */
  readonly databaseVersion: string | null;
}

/** Names only: these the server lists without opening each table. */
const PASSING_TABLES = `
  SELECT TABLE_NAME AS name
    FROM information_schema.TABLES
   WHERE TABLE_SCHEMA = ?
     AND (LOWER(TABLE_NAME) LIKE 'tempconv\\_%' OR LOWER(TABLE_NAME) LIKE 'temp%\\_bak\\_%'
          OR LOWER(TABLE_NAME) LIKE 'tmp%')`;

const CREATED = `
  SELECT TABLE_NAME AS name, CAST(CREATE_TIME AS CHAR) AS created, CREATE_TIME > NOW() - INTERVAL 2 DAY AS is_recent
    FROM information_schema.TABLES
   WHERE TABLE_SCHEMA = ?`;

/**
 * Looks for signs of an upgrade; compared before and after reading.
 *
 * LargeTableHelper of OpenDental renames a table to `tempConv_…`, makes an empty one and moves the rows back. Copies of
 * tables that support staff left behind (`tmp…`, `temp…_bak_…`) stay for years, so those count for two days only.
 */
export async function readUpgradeSigns(source: MysqlSession, table: string): Promise<UpgradeSigns> {
  const passing = (await source.query(PASSING_TABLES, [source.database])).map((row) => row['name'] ?? '');
  const names = [table, ...passing];
  const made = await source.query(`${CREATED} AND TABLE_NAME IN (${names.map(() => '?').join(', ')})`, [
    source.database,
    ...names,
  ]);
  const conversions = passing.map((name) => name.toLowerCase()).filter((name) => name.startsWith('tempconv_'));
  const isRecent = made.some((row) => row['is_recent'] === '1' && passing.includes(row['name'] ?? ''));
  return {
    conversionUnderWay: conversions.length > 0 || isRecent,
    isBeingMoved: conversions.some((name) => name.startsWith(`tempconv_${table.toLowerCase()}`)),
    created: made.find((row) => row['name'] === table)?.['created'] ?? null,
    databaseVersion: await readDatabaseVersion(source),
  };
}

async function readDatabaseVersion(source: MysqlSession): Promise<string | null> {
  try {
    const [row] = await source.query(
      `SELECT ValueString AS version FROM preference WHERE PrefName = 'DataBaseVersion'`,
    );
    return row?.['version'] ?? null;
  } catch (error) {
    // Not an OpenDental database, or a user who may read single tables only: then there is nothing to compare.
    const code = error instanceof TidemarkError ? error.code : null;
    if (code === 'TABLE_CHANGED_DURING_RUN' || code === 'RIGHT_MISSING') return null;
    throw error;
  }
}

/** Whether rows that are gone may be taken for deleted. */
export function mayInferDeletes(before: UpgradeSigns, after: UpgradeSigns): boolean {
  return !before.conversionUnderWay && !after.conversionUnderWay && mayMoveMarks(before, after);
}

/** Whether all rows that the table had were there to be read: only then may a watermark go beyond them. */
export function mayMoveMarks(before: UpgradeSigns, after: UpgradeSigns): boolean {
  if (before.isBeingMoved || after.isBeingMoved) return false;
  return before.created === after.created && before.databaseVersion === after.databaseVersion;
}
