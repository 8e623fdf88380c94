import { quoteMysqlIdentifier } from '@tidemark/incremental';

import type { DigestInput } from './digest-range.ts';
import { forceKeyIndex } from './force-key-index.ts';
import { keyColumns, rangeCondition } from './key-columns.ts';
import type { MysqlSession } from './open-session.ts';
import { repeatedKeys } from './repeated-keys.ts';
import { rowText, rowTooLarge } from './row-text.ts';

/**
 * The SHA-256 of each row of a range, by its key as JSON text. For ranges that are known to differ: it costs more than
 * the range's digest and sends some eighty bytes a row, and then names the very rows. Not MD5, which MySQL 9.6 and later
 * do not have.
 *
 * @throws TidemarkError DUPLICATE_KEY when two rows have one key; PACKET_TOO_LARGE when the text of a row is longer than the server can make
 */
export async function digestRows(session: MysqlSession, input: DigestInput): Promise<Map<string, string>> {
  const columns = keyColumns(input.table, input.key);
  const where = rangeCondition(columns, input.range);
  const key = columns.map((column, index) => `${column.read} AS k${index}`).join(', ');
  const rows = await session.query(
    `SELECT ${key}, SHA2(${rowText(input.columns)}, 256) AS digest
       FROM ${quoteMysqlIdentifier(input.table.name)}${forceKeyIndex(input.table, input.key, input.range)} WHERE ${where.sql}`,
    where.params,
  );
  const digests = new Map(
    rows.map((row) => {
      const digest = row['digest'];
      if (digest === null || digest === undefined) throw rowTooLarge(session.where, input.table.name);
      return [JSON.stringify(columns.map((_, index) => row[`k${index}`] ?? '')), digest];
    }),
  );
  if (digests.size < rows.length) throw repeatedKeys(rows.length - digests.size, input.table.name);
  return digests;
}
