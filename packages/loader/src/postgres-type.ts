import { columnForm, type ColumnDescription } from '@tidemark/mysql';

const INTEGERS: Readonly<Record<string, { readonly signed: string; readonly unsigned: string }>> = {
  // tinyint(1) is a number too: OpenDental keeps enumerations in it.
  tinyint: { signed: 'smallint', unsigned: 'smallint' },
  smallint: { signed: 'smallint', unsigned: 'integer' },
  mediumint: { signed: 'integer', unsigned: 'integer' },
  int: { signed: 'integer', unsigned: 'bigint' },
  bigint: { signed: 'bigint', unsigned: 'numeric(20,0)' },
};

/**
 * The PostgreSQL type that holds every value of a MySQL column exactly, spelled as `format_type` prints it, so that it
 * compares with what the catalog says.
 */
export function postgresType(column: ColumnDescription): string {
  const form = columnForm(column);
  switch (form) {
    case 'integer':
      return INTEGERS[column.dataType]?.[column.unsigned ? 'unsigned' : 'signed'] ?? 'numeric';
    case 'decimal':
      return `numeric(${column.precision ?? 65},${column.scale ?? 0})`;
    case 'float':
      return 'real';
    case 'double':
      return 'double precision';
    case 'text':
    case 'enum':
      return 'text';
    case 'json':
      return 'jsonb';
    case 'binary':
    case 'geometry':
      return 'bytea';
    case 'bit':
      return (column.length ?? 1) > 1 ? `bit(${column.length ?? 1})` : 'boolean';
    case 'date':
      return 'date';
    case 'datetime':
      return 'timestamp without time zone';
    case 'timestamp':
      return 'timestamp with time zone';
    case 'time':
      // Negative and beyond 24 hours is legal in MySQL, and not in PostgreSQL's time.
      return 'interval';
    case 'year':
      return 'smallint';
    default:
      return form satisfies never;
  }
}

/** Whether the raw column takes NULL: zero dates become NULL, whatever the replica's column allows. */
export function takesNull(column: ColumnDescription): boolean {
  const form = columnForm(column);
  return column.nullable || form === 'date' || form === 'datetime' || form === 'timestamp';
}
