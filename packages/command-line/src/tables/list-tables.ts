import type { MysqlSession } from '@tidemark/mysql';
import { TRACKING_TABLES } from '@tidemark/tracking';

export interface ListedTable {
  readonly name: string;
  /** The server's own estimate. */
  readonly estimatedRows: number;
}

const OWN: ReadonlySet<string> = new Set(Object.values(TRACKING_TABLES));

/**
 * Names and estimated sizes of the base tables. Their columns are described one by one when their turn comes: on old
 * servers a description of all of them opens every table. Tidemark's own tables are left out.
 */
export async function listTables(session: MysqlSession): Promise<ListedTable[]> {
  const rows = await session.query(
    `SELECT TABLE_NAME AS name, TABLE_ROWS AS row_estimate FROM information_schema.TABLES
      WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE' ORDER BY TABLE_NAME`,
    [session.database],
  );
  return rows
    .map((row) => ({ name: row['name'] ?? '', estimatedRows: Number(row['row_estimate'] ?? 0) }))
    .filter((table) => !OWN.has(table.name));
}
