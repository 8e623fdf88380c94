import type { ColumnDescription, TableDescription } from '@tidemark/mysql';

/** A column as a server would describe it, from its printed type. */
export function describedColumn(
  name: string,
  columnType: string,
  more: Partial<ColumnDescription> = {},
): ColumnDescription {
  const [, dataType = '', inside] = /^(\w+)(?:\(([^)]*)\))?/.exec(columnType) ?? [];
  const numbers = (inside ?? '').split(',').map(Number);
  const isText = /char|text/.test(dataType);
  const hasCharset = isText || dataType === 'enum' || dataType === 'set';
  const TEXT_LENGTHS: Readonly<Record<string, number>> = {
    text: 65_535,
    mediumtext: 16_777_215,
    longtext: 4_294_967_295,
  };
  return {
    name,
    dataType,
    columnType,
    unsigned: columnType.includes('unsigned'),
    nullable: false,
    length: TEXT_LENGTHS[dataType] ?? (isText || /binary|bit/.test(dataType) ? (numbers[0] ?? 1) : null),
    precision: dataType === 'decimal' ? (numbers[0] ?? 10) : null,
    scale: dataType === 'decimal' ? (numbers[1] ?? 0) : null,
    fractionDigits: /time/.test(dataType) ? numbers[0] || 0 : 0,
    charset: hasCharset ? 'utf8mb3' : null,
    collation: isText || dataType === 'enum' ? 'utf8mb3_general_ci' : null,
    defaultExpression: null,
    autoIncrement: false,
    onUpdateStamp: false,
    generated: false,
    invisible: false,
    ...more,
  };
}

export function describedTable(
  name: string,
  columns: readonly ColumnDescription[],
  key: readonly string[],
): TableDescription {
  return {
    name,
    engine: 'MyISAM',
    estimatedRows: 0,
    estimatedBytes: 0,
    created: null,
    collation: 'utf8mb3_general_ci',
    columns,
    indexes: [],
    key,
  };
}
