import type { ColumnDescription } from '../src/types.ts';

/** A column description for tests without a server. */
export function column(name: string, columnType: string, changes: Partial<ColumnDescription> = {}): ColumnDescription {
  const dataType = columnType.split(/[ (]/, 1)[0] ?? '';
  const size = /\((\d+)(?:,(\d+))?\)/.exec(columnType);
  const isText = /char|text|enum|set/.test(dataType);
  return {
    name,
    dataType,
    columnType,
    unsigned: columnType.includes('unsigned'),
    nullable: true,
    length: size?.[1] === undefined ? null : Number(size[1]),
    precision: size?.[1] === undefined ? null : Number(size[1]),
    scale: size?.[2] === undefined ? null : Number(size[2]),
    fractionDigits: 0,
    charset: isText ? 'utf8mb4' : null,
    collation: isText ? 'utf8mb4_general_ci' : null,
    defaultExpression: null,
    autoIncrement: false,
    onUpdateStamp: false,
    generated: false,
    invisible: false,
    ...changes,
  };
}
