import type { SnapshotTime } from '@tidemark/incremental';
import { TidemarkError } from '@tidemark/errors';

import type { MysqlSession } from './open-session.ts';

/**
 * The server's clock, as wall time (what DATETIME columns of its applications hold) and as UTC (what TIMESTAMP columns
 * hold). Read before the first row of a run; nothing else is ever used to cap a watermark (promise P2).
 */
export async function readClock(session: MysqlSession): Promise<SnapshotTime> {
  const [row] = await session.query(`
    SELECT CAST(UTC_TIMESTAMP(6) AS CHAR) AS utc,
           CAST(CONVERT_TZ(UTC_TIMESTAMP(6), '+00:00', @@global.time_zone) AS CHAR) AS wall`);
  const utc = row?.['utc'];
  const wall = row?.['wall'];
  if (!utc || !wall) {
    throw new TidemarkError('DATABASE_ERROR', {
      message: `${session.where}: the server cannot tell its wall-clock time`,
      hint: 'Load the time zone tables of the server (mysql_tzinfo_to_sql), or set its time_zone to SYSTEM.',
    });
  }
  return { utc, wall };
}

/**
 * Age in seconds of the oldest open InnoDB transaction, null when the user may not know it (no PROCESS right) or there
 * is none. Rows it wrote carry stamps from its beginning and appear only when it commits.
 */
export async function readOldestTransactionAge(session: MysqlSession): Promise<number | null> {
  // innodb_trx.trx_started is in the system's zone on every version, the session runs in UTC: compare within SYSTEM.
  const sql = `
    SELECT TIMESTAMPDIFF(SECOND, MIN(trx_started), CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', 'SYSTEM')) AS system_age,
           TIMESTAMPDIFF(SECOND, MIN(trx_started), UTC_TIMESTAMP()) AS session_age
      FROM information_schema.innodb_trx WHERE trx_mysql_thread_id <> CONNECTION_ID()`;
  try {
    const [row] = await session.query(sql);
    return youngestPlausible([row?.['system_age'], row?.['session_age']]);
  } catch (error) {
    if (error instanceof TidemarkError && error.code === 'RIGHT_MISSING') return null;
    throw error;
  }
}

/** Versions differ in the zone of trx_started: one of the two differences is off by whole hours; take the older, never a negative one. */
function youngestPlausible(ages: readonly (string | null | undefined)[]): number | null {
  const known = ages.filter((age): age is string => age !== null && age !== undefined).map(Number);
  return known.length === 0
    ? null
    : Math.max(
        0,
        ...known
          .filter((age) => age >= 0)
          .toSorted((a, b) => a - b)
          .slice(0, 1),
      );
}
