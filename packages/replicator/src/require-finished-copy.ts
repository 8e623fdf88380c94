import { TidemarkError } from '@tidemark/errors';
import { fingerprintOf, structureFingerprint, type TableDescription } from '@tidemark/mysql';
import type { HopState } from '@tidemark/tracking';

import type { CopyContext } from './copy-context.ts';
import { hasRows } from './count-replica-rows.ts';
import { describeOne, readAbilities } from './ensure-replica-table.ts';
import { reconcileReplica } from './reconcile-replica.ts';

/** What a repair finds ready. */
export interface FinishedCopy {
  readonly state: HopState;
  readonly replicaTable: TableDescription;
}

/**
 * What a repair builds on: a copy that ended, of columns that are still the same. It changes no structure itself,
 * because the next run would then take rows without values for whole ones.
 *
 * @throws TidemarkError TABLE_NOT_READY
 */
export async function requireFinishedCopy(
  known: Pick<CopyContext, 'session' | 'replica' | 'sourceTable' | 'key' | 'input'>,
): Promise<FinishedCopy> {
  const { session, replica, sourceTable, key, input } = known;
  const state = await session.state(input.table);
  const replicaTable = await describeOne(replica, sourceTable.name);
  if (state?.succeeded !== true || state.resume !== null || replicaTable === null) throw notReady(input.table, NO_COPY);
  const { changes, obstacles } = reconcileReplica(sourceTable, replicaTable, key, await readAbilities(replica));
  const isSame = fingerprintOf(state.structure) === structureFingerprint(sourceTable.columns, key);
  if (!isSame || changes.length > 0 || obstacles.length > 0) throw notReady(input.table, OTHER_COLUMNS);
  if (state.rows > 0 && !(await hasRows(replica, replicaTable.name))) throw notReady(input.table, EMPTIED);
  return { state, replicaTable };
}

const NO_COPY = 'no copy of this table has finished';
const OTHER_COLUMNS = 'columns or key of the table changed since its last copy';
const EMPTIED = 'the replica table is empty, though rows were copied into it';

function notReady(table: string, why: string): TidemarkError {
  return new TidemarkError('TABLE_NOT_READY', {
    message: `replica: ${why}: there are no single rows to repair`,
    hint: `Run \`tidemark run ${table}\`: it reads the table whole.`,
    table,
  });
}
