import { quoteMysqlIdentifier } from '@tidemark/incremental';
import type { MysqlSession } from '@tidemark/mysql';

/**
 * Refuses a table of which the user may read some columns only: its description would show just those, and the copy
 * would look whole without being it. `SELECT *` needs the right to every column.
 *
 * @throws TidemarkError RIGHT_MISSING
 */
export async function requireWholeTable(source: MysqlSession, table: string): Promise<void> {
  await source.query(`SELECT * FROM ${quoteMysqlIdentifier(table)} LIMIT 0`);
}
