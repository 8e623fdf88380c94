import type { CursorKind, PlanColumn, PlanTable } from '@tidemark/incremental';

import type { ColumnDescription, TableDescription } from './types.ts';

/** What a column holds, as far as reading, comparing and writing it exactly is concerned. */
export type ColumnForm =
  | 'integer'
  | 'decimal'
  | 'float'
  | 'double'
  | 'text'
  | 'enum'
  | 'json'
  | 'binary'
  | 'bit'
  | 'date'
  | 'datetime'
  | 'timestamp'
  | 'time'
  | 'year'
  | 'geometry';

const FORMS: Readonly<Record<string, ColumnForm>> = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
  decimal: 'decimal',
  float: 'float',
  double: 'double',
  char: 'text',
  varchar: 'text',
  tinytext: 'text',
  text: 'text',
  mediumtext: 'text',
  longtext: 'text',
  enum: 'enum',
  set: 'enum',
  json: 'json',
  binary: 'binary',
  varbinary: 'binary',
  tinyblob: 'binary',
  blob: 'binary',
  mediumblob: 'binary',
  longblob: 'binary',
  bit: 'bit',
  date: 'date',
  datetime: 'datetime',
  timestamp: 'timestamp',
  time: 'time',
  year: 'year',
  geometry: 'geometry',
  point: 'geometry',
  linestring: 'geometry',
  polygon: 'geometry',
  multipoint: 'geometry',
  multilinestring: 'geometry',
  multipolygon: 'geometry',
  geometrycollection: 'geometry',
  geomcollection: 'geometry',
};

/** The form of a column; types unknown here (MariaDB's uuid, inet6 …) print as text. */
export function columnForm(column: ColumnDescription): ColumnForm {
  return FORMS[column.dataType] ?? 'text';
}

const CURSOR_KINDS: Partial<Record<ColumnForm, CursorKind>> = {
  timestamp: 'timestamp',
  datetime: 'datetime',
  date: 'date',
  integer: 'integer',
};

/** The table as the pure planning code sees it. */
export function toPlanTable(table: TableDescription, key: readonly string[]): PlanTable {
  const leading = new Set(table.indexes.map((index) => index.columns[0]?.name));
  const keyColumns = table.columns.filter((column) => key.includes(column.name));
  return {
    name: table.name,
    columns: table.columns.map((column) => toPlanColumn(column, leading.has(column.name))),
    key,
    keyIsAutoIncrement: keyColumns.length === 1 && keyColumns[0]?.autoIncrement === true,
    estimatedRows: table.estimatedRows,
  };
}

function toPlanColumn(column: ColumnDescription, indexed: boolean): PlanColumn {
  return {
    name: column.name,
    kind: CURSOR_KINDS[columnForm(column)] ?? 'other',
    indexed,
    serverMaintained: column.onUpdateStamp,
  };
}
