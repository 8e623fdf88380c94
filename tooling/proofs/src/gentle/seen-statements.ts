import type { TestDatabase } from '@tidemark/testkit';

/** A statement as the server itself has written it down. */
export interface SeenStatement {
  readonly sql: string;
  /** Seconds after 1970, by the server's clock: when it was done. */
  readonly at: number;
  readonly rowsSent: number;
  readonly rowsExamined: number;
}

/** Has the server of the test write down every statement from here on; sessions that are open already are left out. */
export async function writeDown(source: TestDatabase): Promise<void> {
  await source.exec(
    `SET GLOBAL log_output = 'TABLE'; SET GLOBAL long_query_time = 0; SET GLOBAL slow_query_log = 1; SET GLOBAL general_log = 1`,
  );
}

export async function forget(source: TestDatabase): Promise<void> {
  await source.exec('TRUNCATE TABLE mysql.slow_log; TRUNCATE TABLE mysql.general_log');
}

/** What a user has asked, in order. */
export async function seenStatements(source: TestDatabase, user: string): Promise<SeenStatement[]> {
  const rows = await source.query<Record<string, string>>(
    `SELECT CONVERT(sql_text USING utf8mb4) AS statement, UNIX_TIMESTAMP(start_time) + TIME_TO_SEC(query_time) AS at,
            rows_sent, rows_examined
       FROM mysql.slow_log WHERE user_host LIKE ? ORDER BY start_time`,
    [`${user}[%`],
  );
  return rows.map((row) => ({
    sql: String(row['statement']).trim(),
    at: Number(row['at']),
    rowsSent: Number(row['rows_sent']),
    rowsExamined: Number(row['rows_examined']),
  }));
}

/** How often a user has connected. */
export async function seenConnections(source: TestDatabase, user: string): Promise<number> {
  const [row] = await source.query<{ n: string }>(
    `SELECT COUNT(*) AS n FROM mysql.general_log WHERE command_type = 'Connect' AND user_host LIKE ?`,
    [`%[${user}]%`],
  );
  return Number(row?.n);
}
