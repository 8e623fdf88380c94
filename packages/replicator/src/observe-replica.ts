import { quoteMysqlIdentifier, type Plan } from '@tidemark/incremental';
import { readExpression, streamEncodedRows, toPlanTable } from '@tidemark/mysql';

import { stopIfAsked, type CopyContext } from './copy-context.ts';
import { observeRows, type RowObservers } from './observe-rows.ts';

/**
 * Looks at the incremental columns and the key of every row of the replica table, within the transaction in which it was
 * made equal to the source: what is seen there are the source's values, and the source is not read for them. The
 * watermarks that come of it are capped by the source's clock like any others.
 */
export async function observeReplica(context: CopyContext, plan: Plan): Promise<RowObservers> {
  const { replica, replicaTable, sourceTable, key, snapshot } = context;
  const planTable = toPlanTable(sourceTable, key);
  const wanted = new Set(plan.observe.map((column) => column.name));
  if (planTable.keyIsAutoIncrement) wanted.add(key[0] ?? '');
  const columns = context.columns.filter((column) => wanted.has(column.name));
  const observers = observeRows(columns, plan.observe, planTable, snapshot);
  if (columns.length === 0) return observers;
  const list = columns.map((column) => readExpression(column, 'replica')).join(', ');
  const { stream } = streamEncodedRows(
    replica,
    { sql: `SELECT ${list} FROM ${quoteMysqlIdentifier(replicaTable.name)}` },
    { columns, target: 'load_data', observe: observers.byPosition },
  );
  // Only the observers look: the encoded rows go nowhere.
  for await (const _ of stream) stopIfAsked(context);
  return observers;
}
