import { TidemarkError } from '@tidemark/errors';
import type { HopState } from '@tidemark/tracking';
import type { PoolClient } from 'pg';

import { describeRaw } from './describe-raw.ts';
import type { ReplicaTable } from './find-replica-table.ts';
import { postgresName } from './postgres-name.ts';
import { reconcileColumns } from './reconcile-columns.ts';
import { targetColumns } from './target-columns.ts';

/**
 * What a repair builds on: a load that ended, into columns that are there still. It adds none itself, because the next
 * load would then take rows without values for whole ones.
 *
 * @throws TidemarkError TABLE_NOT_READY
 */
export async function requireLoadedTable(
  client: PoolClient,
  { schema, replicaTable, state }: { schema: string; replicaTable: ReplicaTable; state: HopState | null },
): Promise<void> {
  const { description, key } = replicaTable;
  const name = postgresName(description.name);
  const raw = await describeRaw(client, schema, name);
  if (state === null || raw === null) throw notReady(description.name, 'no load of this table has finished');
  const { add, widen, obstacles } = reconcileColumns(targetColumns(name, description.columns, key), raw.columns);
  if (add.length + widen.length + obstacles.length > 0) throw columnsChanged(description.name);
}

/** Once the raw table is described and its rows are known. @throws TidemarkError TABLE_NOT_READY */
export function requireSameStructure(
  table: string,
  known: { readonly state: HopState | null; readonly structure: string; readonly hasRows: boolean },
): HopState {
  const { state } = known;
  if (state === null || state.structure !== known.structure) throw columnsChanged(table);
  if (!known.hasRows) throw notReady(table, 'the raw table is empty');
  return state;
}

function columnsChanged(table: string): TidemarkError {
  return notReady(table, 'columns, key, `deletes` or the record of the copy changed since the last load of this table');
}

/** Also where the replica has nothing to repair from. */
export function notReady(table: string, why: string): TidemarkError {
  return new TidemarkError('TABLE_NOT_READY', {
    message: `warehouse: ${why}: there are no single rows to repair`,
    hint: `Run \`tidemark run ${table}\`: it loads the table whole.`,
    table,
  });
}
