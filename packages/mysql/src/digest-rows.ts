import { quoteMysqlIdentifier } from '@tidemark/incremental';

import { rowText, type DigestInput } from './digest-range.ts';
import { keyColumns, rangeCondition } from './key-columns.ts';
import type { MysqlSession } from './open-session.ts';

/**
 * The MD5 of each row of a range, by its key as JSON text. For ranges that are known to differ: it costs about twice the
 * range's digest and sends some fifty bytes a row, and then names the very rows.
 */
export async function digestRows(session: MysqlSession, input: DigestInput): Promise<Map<string, string>> {
  const columns = keyColumns(input.table, input.key);
  const where = rangeCondition(columns, input.range);
  const key = columns.map((column, index) => `${column.read} AS k${index}`).join(', ');
  const rows = await session.query(
    `SELECT ${key}, MD5(${rowText(input.columns)}) AS digest
       FROM ${quoteMysqlIdentifier(input.table.name)} WHERE ${where.sql}`,
    where.params,
  );
  return new Map(
    rows.map((row) => [JSON.stringify(columns.map((_, index) => row[`k${index}`] ?? '')), row['digest'] ?? '']),
  );
}
