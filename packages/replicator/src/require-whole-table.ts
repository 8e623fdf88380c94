import { quoteMysqlIdentifier } from '@tidemark/incremental';
import type { MysqlSession } from '@tidemark/mysql';

/**
 * Refuses a table of which the user may read some columns only: its description would show just those, and the copy
 * would look whole without being it. `SELECT *` needs the right to every column; it is asked only where rights to single
 * columns were granted at all, because it would wait for whoever has locked the table.
 *
 * @throws TidemarkError RIGHT_MISSING
 */
export async function requireWholeTable(source: MysqlSession, table: string): Promise<void> {
  const granted = await source.query(
    `SELECT 1 FROM information_schema.COLUMN_PRIVILEGES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? LIMIT 1`,
    [source.database, table],
  );
  if (granted.length > 0) await source.query(`SELECT * FROM ${quoteMysqlIdentifier(table)} LIMIT 0`);
}
