import { quoteMysqlIdentifier } from '@tidemark/incremental';

import { forceKeyIndex } from './force-key-index.ts';
import { keyColumns, rangeCondition, type KeyRange } from './key-columns.ts';
import type { MysqlSession } from './open-session.ts';
import { rowText, rowTooLarge } from './row-text.ts';
import type { ColumnDescription, TableDescription } from './types.ts';

/** What a server computed over the rows of a range. Two ranges hold the same rows when both agree. */
export interface RangeDigest {
  readonly rows: number;
  /** Weighted sum of the row checksums, as decimal text. */
  readonly checksum: string;
}

export interface DigestInput {
  readonly table: TableDescription;
  readonly key: readonly string[];
  /** Columns that take part, in the same order on both servers. */
  readonly columns: readonly ColumnDescription[];
  readonly range: KeyRange;
  /** The server reads the table from its beginning to its end, not by the key's index. */
  readonly scan?: boolean;
}

/**
 * Stands for a row whose text the server could not make: it gives NULL then, which SUM would leave out without a word.
 * Larger than the checksum of any number of rows.
 */
const TOO_LARGE = `1${'0'.repeat(39)}`;

/**
 * COUNT and an order-free checksum over the rows of a key range, computed by the server in one pass.
 *
 * The checksum is SUM(CRC32(row) * (CRC32(key) | 1)). A plain sum or exclusive-or of CRCs would let changes cancel out,
 * because CRC is linear: the same edit in two rows moves both by the same bits. The odd weight, different for each key,
 * breaks that. Odds that a changed row goes unseen: 2^-32, and none at all for a change within four neighbouring bytes,
 * which CRC-32 always sees; that several changed rows cancel out: about 2^-32 again.
 *
 * Measured on 1,000,000 rows × 20 columns (MariaDB 10.11), as a ratio to BIT_XOR(CRC32(CONCAT_WS(...))) by hand: this
 * 1.2; BIT_XOR of a 64-bit part of MD5 2.2; CRC32 together with CRC32(MD5()) 2.1; QUOTE() in place of lengths 1.3.
 *
 * @throws TidemarkError PACKET_TOO_LARGE when the text of a row is longer than the server can make
 */
export async function digestRange(session: MysqlSession, input: DigestInput): Promise<RangeDigest> {
  const where = rangeCondition(keyColumns(input.table, input.key), input.range);
  const keyText = rowText(input.columns.filter((column) => input.key.includes(column.name)));
  const index = input.scan === true ? ' USE INDEX ()' : forceKeyIndex(input.table, input.key, input.range);
  const [row] = await session.query(
    `SELECT COUNT(*) AS n,
            CAST(COALESCE(SUM(COALESCE(CRC32(${rowText(input.columns)}) * (CRC32(${keyText}) | 1), ${TOO_LARGE})), 0) AS CHAR) AS checksum
       FROM ${quoteMysqlIdentifier(input.table.name)}${index} WHERE ${where.sql}`,
    where.params,
  );
  const checksum = row?.['checksum'] ?? '';
  if (checksum.length >= TOO_LARGE.length) throw rowTooLarge(session.where, input.table.name);
  return { rows: Number(row?.['n'] ?? 0), checksum };
}
