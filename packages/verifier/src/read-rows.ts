import { quoteMysqlIdentifier } from '@tidemark/incremental';
import {
  keyColumns,
  keyListCondition,
  readExpression,
  streamEncodedRows,
  textColumn,
  type ColumnDescription,
  type KeyValue,
  type MysqlSession,
  type TableDescription,
} from '@tidemark/mysql';

import { fieldValue, splitFields } from './copy-text.ts';
import { LineCursor } from './line-cursor.ts';
import type { Value } from './same-value.ts';

export interface ReadRowsInput {
  readonly table: TableDescription;
  readonly key: readonly string[];
  readonly columns: readonly ColumnDescription[];
  readonly keys: readonly KeyValue[];
  /** `replica`: MySQL's own values. `warehouse`: as they are loaded, with zero dates as NULL and the like (P10). */
  readonly purpose: 'replica' | 'warehouse';
}

/** Rows by their keys: the values of the columns, by the key as JSON text. */
export type RowsByKey = ReadonlyMap<string, readonly Value[]>;

/** Reads the rows with the given keys, in one statement. */
export async function readRows(session: MysqlSession, input: ReadRowsInput): Promise<RowsByKey> {
  const { table, key, columns, keys, purpose } = input;
  const rows = new Map<string, readonly Value[]>();
  if (keys.length === 0) return rows;
  const parts = keyColumns(table, key);
  const where = keyListCondition(parts, keys);
  const list = [...parts.map((part) => part.read), ...columns.map((column) => readExpression(column, purpose))];
  const { stream } = streamEncodedRows(
    session,
    {
      sql: `SELECT ${list.join(', ')} FROM ${quoteMysqlIdentifier(table.name)} WHERE ${where.sql}`,
      params: where.params,
    },
    {
      columns: [...parts.map(() => KEY_TEXT), ...columns],
      target: purpose === 'replica' ? 'load_data' : 'copy',
    },
  );
  const cursor = new LineCursor(stream);
  while (await cursor.next()) {
    // The line is a view on a buffer that is kept as long as its values are: a few hundred rows.
    const values = splitFields(cursor.line()).map(fieldValue);
    const name = values.slice(0, parts.length).map((value) => value?.toString('utf8') ?? '');
    rows.set(JSON.stringify(name), values.slice(parts.length));
  }
  return rows;
}

/** A key's text, however its column is typed. */
const KEY_TEXT = textColumn('key');
