import { quoteMysqlIdentifier } from '@tidemark/incremental';

import { columnForm } from './column-form.ts';
import type { ColumnDescription } from './types.ts';

/** Where the text goes: `replica` keeps MySQL's own values, `warehouse` wants what PostgreSQL reads. */
export type ReadPurpose = 'replica' | 'warehouse';

/**
 * The SQL expression that gives a column's value exactly, the same on every server: what the row encoder takes.
 *
 * - FLOAT prints with six digits; widened to double it prints every digit it holds. DOUBLE(10,2) prints two decimals;
 *   after an addition it prints like any other double. And -0 becomes 0: MySQL keeps it, MariaDB does not, and all hold
 *   the two for equal.
 * - ZEROFILL prints zeros in front, which a replica's plain column does not.
 * - Binary values and geometry travel as they are; the encoder makes them hexadecimal. The server's own HEX gives NULL
 *   for a value over half of max_allowed_packet.
 * - BIT travels as a number to the replica, and as `1010` to a warehouse column of type bit(n).
 * - Geometry is WKB behind a four-byte SRID in both products: whole for the replica, without the SRID for bytea.
 */
export function readExpression(column: ColumnDescription, purpose: ReadPurpose): string {
  const name = quoteMysqlIdentifier(column.name);
  const form = columnForm(column);
  switch (form) {
    case 'float':
    case 'double':
      return `(${name} + 0e0)`;
    case 'geometry':
      return purpose === 'replica' ? name : `SUBSTRING(${name}, 5)`;
    case 'bit':
      if (purpose === 'warehouse' && (column.length ?? 1) > 1) {
        return `LPAD(BIN(${name} + 0), ${column.length ?? 1}, '0')`;
      }
      return `(${name} + 0)`;
    case 'integer':
    case 'decimal':
      return column.columnType.endsWith('zerofill') ? `(${name} + 0)` : name;
    case 'text':
    case 'binary':
    case 'enum':
    case 'json':
    case 'date':
    case 'datetime':
    case 'timestamp':
    case 'time':
    case 'year':
      return name;
    default:
      return form satisfies never;
  }
}

/** Columns that are written: everything but what the server computes itself. */
export function storedColumns(columns: readonly ColumnDescription[]): ColumnDescription[] {
  return columns.filter((column) => !column.generated);
}
