import type { MysqlSession } from '@tidemark/mysql';
import { reachPoint } from '@tidemark/tracking';

/** Changes the structure of a replica table. DDL commits by itself in MySQL: it belongs before the run's transaction. */
export async function runDdl(replica: MysqlSession, table: string, sql: string): Promise<void> {
  await reachPoint('copy.before-ddl', table);
  await replica.execute(sql);
  await reachPoint('copy.after-ddl', table);
}
