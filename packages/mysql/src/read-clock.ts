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
 * Age in seconds of the oldest open InnoDB transaction that may write, null when the user may not know it (no PROCESS
 * right) or there is none. Rows it wrote carry stamps from its beginning and appear only when it commits.
 */
export async function readOldestTransactionAge(session: MysqlSession): Promise<number | null> {
  try {
    const [row] = await session.query(
      `SELECT MAX(TIMESTAMPDIFF(SECOND, ${systemTimeToUtc('trx_started')}, UTC_TIMESTAMP())) AS age
         FROM information_schema.innodb_trx
        WHERE trx_mysql_thread_id <> CONNECTION_ID() AND trx_is_read_only = 0`,
    );
    const age = row?.['age'] ?? null;
    return age === null ? null : Math.max(0, Number(age));
  } catch (error) {
    if (error instanceof TidemarkError && error.code === 'RIGHT_MISSING') return null;
    throw error;
  }
}

/**
 * SQL of a time in the server's system zone as UTC. InnoDB tells its times in that zone, whatever the session's or the
 * server's time_zone is. Of the two meanings that a time has in the hour which autumn repeats, the earlier: a
 * transaction is rather taken for an hour too old than for too young.
 */
export function systemTimeToUtc(expression: string): string {
  const utc = `CONVERT_TZ(${expression}, 'SYSTEM', '+00:00')`;
  const earlier = `(${utc} - INTERVAL 1 HOUR)`;
  return `IF(CONVERT_TZ(${earlier}, '+00:00', 'SYSTEM') = ${expression}, ${earlier}, ${utc})`;
}
