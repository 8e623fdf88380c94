import type { ClinicColumn, ClinicTable } from '@tidemark/sample-clinic';

import { anotherValue, quoted, type Dialect } from './column-values.ts';

/** Statements on one row of a table, on one of the three sides. */
export interface RowStatements {
  /** Gives the columns other values, and moves no stamp. */
  readonly change: (key: string, columns: readonly ClinicColumn[]) => string;
  /** Sets columns to expressions in SQL. */
  readonly set: (key: string, values: Readonly<Record<string, string>>) => string;
  readonly remove: (key: string) => string;
  /** Puts a row beside another one, with all of its values under another key. */
  readonly copy: (key: string, newKey: string) => string;
}

export const DELETED_AT = '_tidemark_deleted_at';

export function rowStatements(table: ClinicTable, side: 'source' | 'replica' | 'raw'): RowStatements {
  const dialect: Dialect = side === 'raw' ? 'postgres' : 'mysql';
  const quote = (name: string): string => quoted(name, dialect);
  const name = side === 'raw' ? `raw.${quote(table.name)}` : quote(table.name);
  const where = (key: string): string => `WHERE ${quote(table.key)} = ${key}`;
  const set: RowStatements['set'] = (key, values) =>
    `UPDATE ${name} SET ${Object.entries(values)
      .map(([column, sql]) => `${quote(column)} = ${sql}`)
      .join(', ')} ${where(key)}`;
  return {
    set,
    change: (key, columns) => {
      const others = Object.fromEntries(columns.map((column) => [column.name, anotherValue(column, dialect)]));
      // Only the source moves a stamp by itself.
      const kept = side === 'source' && table.stamp !== undefined ? { [table.stamp]: quote(table.stamp) } : {};
      return set(key, { ...kept, ...others });
    },
    remove: (key) => `DELETE FROM ${name} ${where(key)}`,
    copy: (key, newKey) => {
      const others = table.columns.filter((column) => column.name !== table.key).map((column) => quote(column.name));
      return `INSERT INTO ${name} (${[quote(table.key), ...others].join(', ')})
              SELECT ${[newKey, ...others].join(', ')} FROM ${name} ${where(key)}`;
    },
  };
}
