import { TidemarkError } from '@tidemark/errors';
import { quoteMysqlIdentifier } from '@tidemark/incremental';

import { columnForm } from './column-form.ts';
import { readExpression } from './read-expression.ts';
import type { ColumnDescription } from './types.ts';

/**
 * SQL of one text for a row, different for every two different rows and the same on every server: text carries its
 * length in front, so that no separator inside it can shift a value into the next column, and NULL (left out by
 * CONCAT_WS) is marked by an N.
 *
 * NULL when it would be longer than max_allowed_packet. Of values that can be that long only length and CRC-32 take part.
 */
export function rowText(columns: readonly ColumnDescription[]): string {
  return `CONCAT_WS('|', ${columns.map(columnText).join(', ')})`;
}

const MAY_BE_LONG = /^(medium|long)(text|blob)$/;

function columnText(column: ColumnDescription): string {
  const form = columnForm(column);
  if (MAY_BE_LONG.test(column.dataType) || form === 'json' || form === 'geometry') {
    const value = comparableBytes(column);
    return `${orN(column, `LENGTH(${value})`)}, CRC32(${value})`;
  }
  if (form === 'text' || form === 'enum') {
    const value = comparableBytes(column);
    return `${orN(column, `LENGTH(${value})`)}, ${value}`;
  }
  return orN(column, form === 'binary' ? `HEX(${comparableBytes(column)})` : readExpression(column, 'replica'));
}

/** The value in a form whose bytes are the same on every server. utf8mb3 and utf8mb4 are; other charsets are converted. */
function comparableBytes(column: ColumnDescription): string {
  const name = quoteMysqlIdentifier(column.name);
  const form = columnForm(column);
  if (form === 'binary' || form === 'geometry' || column.charset?.startsWith('utf8') === true) return name;
  return `CONVERT(${name} USING utf8mb4)`;
}

function orN(column: ColumnDescription, value: string): string {
  return column.nullable ? `COALESCE(${value}, 'N')` : value;
}

/** The error for a row whose text came back as NULL. */
export function rowTooLarge(where: string, table: string): TidemarkError {
  return new TidemarkError('PACKET_TOO_LARGE', {
    message: `${where}: a row is too large for the server to compare`,
    hint: 'Raise max_allowed_packet on source and replica.',
    table,
  });
}
