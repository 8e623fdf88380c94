import type { ColumnDescription } from '@tidemark/mysql';

/** A column of a type as MySQL prints it. */
export function columnOf(columnType: string, name = 'v'): ColumnDescription {
  const match = /^(\w+)(?:\((\d+)(?:,(\d+))?\))?/.exec(columnType);
  const [, dataType = columnType, size, scale] = match ?? [];
  return {
    name,
    dataType,
    columnType,
    unsigned: columnType.includes('unsigned'),
    nullable: false,
    length: size === undefined ? null : Number(size),
    precision: size === undefined ? null : Number(size),
    scale: scale === undefined ? null : Number(scale),
    fractionDigits: 0,
    charset: null,
    collation: null,
    defaultExpression: null,
    autoIncrement: false,
    onUpdateStamp: false,
    generated: false,
    invisible: false,
  };
}
