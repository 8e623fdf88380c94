import { quoteMysqlIdentifier } from '@tidemark/incremental';
import { readExpression, streamEncodedRows, type EncodedRows } from '@tidemark/mysql';

import type { LoadContext } from './load-context.ts';

/**
 * Starts the one SELECT of a load (of a repair: one for each batch of keys): the replica is our own, and its snapshot makes any number of rows one state. Not in
 * key order, because nothing here depends on the order and a sort would cost.
 */
export function selectRows(
  { replica, replicaTable, target, plan, marks }: LoadContext,
  where = plan.where,
): EncodedRows {
  const columns = target.columns.map((column) => column.source);
  const list = columns.map((column) => readExpression(column, 'warehouse')).join(', ');
  const sql = `SELECT ${list} FROM ${quoteMysqlIdentifier(replicaTable.description.name)} WHERE ${where.sql}`;
  return streamEncodedRows(replica, { sql, params: where.params }, { columns, target: 'copy', observe: marks.observe });
}
