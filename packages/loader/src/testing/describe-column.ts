import type { ColumnDescription } from '@tidemark/mysql';

import { postgresType } from '../postgres-type.ts';
import type { TargetColumn } from '../raw-target.ts';

/** A column as `describeTables` gives it, from its type as the server prints it: `decimal(10,2) unsigned`. */
export function describeColumn(
  name: string,
  columnType: string,
  more: Partial<ColumnDescription> = {},
): ColumnDescription {
  const [, dataType = '', inside = ''] = /^(\w+)(?:\(([^)]*)\))?/.exec(columnType) ?? [];
  const [first, second] = inside.split(',').map(Number);
  const isTime = /^(datetime|timestamp|time)$/.test(dataType);
  return {
    name,
    dataType,
    columnType,
    unsigned: columnType.includes('unsigned'),
    nullable: false,
    length: /^(char|varchar|binary|varbinary|bit)$/.test(dataType) ? (first ?? 1) : null,
    precision: dataType === 'decimal' ? (first ?? 10) : null,
    scale: dataType === 'decimal' ? (second ?? 0) : null,
    fractionDigits: isTime ? (first ?? 0) : 0,
    charset: null,
    collation: null,
    defaultExpression: null,
    autoIncrement: false,
    onUpdateStamp: false,
    generated: false,
    invisible: false,
    ...more,
  };
}

/** The same as a column of raw. */
export function describeTarget(
  name: string,
  columnType: string,
  { isKey = false, ...more }: Partial<ColumnDescription> & { readonly isKey?: boolean } = {},
): TargetColumn {
  const source = describeColumn(name, columnType, more);
  return { source, name, type: postgresType(source), isKey };
}
