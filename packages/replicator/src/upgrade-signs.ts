import { TidemarkError } from '@tidemark/errors';
import type { MysqlSession } from '@tidemark/mysql';

/** What tells that OpenDental is converting its tables, so that rows may be missing for a while. */
export interface UpgradeSigns {
  readonly conversionUnderWay: boolean;
  /** Preference DataBaseVersion; null where the source has no such table. */
  readonly databaseVersion: string | null;
}

/**
 * LargeTableHelper of OpenDental renames a table to `tempConv_…`, makes an empty one and moves the rows back. Copies of
 * tables that support staff left behind (`tmp…`, `temp…_bak_…`) stay for years, so those count for a day only.
 */
const PASSING_TABLES = `
  SELECT COUNT(*) AS n FROM information_schema.TABLES
   WHERE TABLE_SCHEMA = ?
     AND (LOWER(TABLE_NAME) LIKE 'tempconv\\_%'
          OR ((LOWER(TABLE_NAME) LIKE 'temp%\\_bak\\_%' OR LOWER(TABLE_NAME) LIKE 'tmp%')
              AND CREATE_TIME > NOW() - INTERVAL 2 DAY))`;

/** Looks for signs of an upgrade; compared before and after reading. */
export async function readUpgradeSigns(source: MysqlSession): Promise<UpgradeSigns> {
  const [row] = await source.query(PASSING_TABLES, [source.database]);
  return {
    conversionUnderWay: Number(row?.['n'] ?? 0) > 0,
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
  return !before.conversionUnderWay && !after.conversionUnderWay && before.databaseVersion === after.databaseVersion;
}
