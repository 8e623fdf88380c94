import type { MysqlSession } from '@tidemark/mysql';

/** Whether a view has the name that a replica table is to get. `describeTables` knows tables only. */
export async function isView(replica: MysqlSession, name: string): Promise<boolean> {
  const rows = await replica.query(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES
      WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND TABLE_TYPE = 'VIEW'`,
    [replica.database, name],
  );
  return rows.length > 0;
}
