import type { ColumnDescription } from './types.ts';

/** A column of a query that no table has: text of any length in utf8mb4, compared by its bytes. */
export function textColumn(name: string, dataType: 'longtext' | 'json' = 'longtext'): ColumnDescription {
  return {
    name,
    dataType,
    columnType: dataType,
    unsigned: false,
    nullable: false,
    length: null,
    precision: null,
    scale: null,
    fractionDigits: 0,
    charset: 'utf8mb4',
    collation: 'utf8mb4_bin',
    defaultExpression: null,
    autoIncrement: false,
    onUpdateStamp: false,
    generated: false,
    invisible: false,
  };
}
