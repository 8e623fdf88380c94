import { quoteMysqlIdentifier } from '@tidemark/incremental';

import { columnForm } from './column-form.ts';
import type { ColumnDescription } from './types.ts';

/** Where the text goes: `replica` keeps MySQL's own values, `warehouse` wants what PostgreSQL reads. */
export type ReadPurpose = 'replica' | 'warehouse';

/**
 * The SQL expression that gives a column's value as text, exactly, the same on every server.
 *
 * - FLOAT prints with six digits; widened to double it prints every digit it holds.
 * - Binary values travel as hexadecimal, so that no byte meets a character set or an escape.
 * - BIT travels as a number to the replica, and as `1010` to a warehouse column of type bit(n).
 * - Geometry is WKB behind a four-byte SRID in both products: whole for the replica, without the SRID for bytea.
 */
export function readExpression(column: ColumnDescription, purpose: ReadPurpose): string {
  const name = quoteMysqlIdentifier(column.name);
  const form = columnForm(column);
  switch (form) {
    case 'float':
      return `(${name} + 0e0)`;
    case 'binary':
      return `HEX(${name})`;
    case 'geometry':
      return purpose === 'replica' ? `HEX(${name})` : `SUBSTRING(HEX(${name}), 9)`;
    case 'bit':
      if (purpose === 'warehouse' && (column.length ?? 1) > 1) {
        return `LPAD(BIN(${name} + 0), ${column.length ?? 1}, '0')`;
      }
      return `(${name} + 0)`;
    case 'integer':
    case 'decimal':
    case 'double':
    case 'text':
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
