import { TidemarkError } from '@tidemark/errors';

import { countReplicaRows, hasRows } from './count-replica-rows.ts';
import type { CopyContext } from './copy-context.ts';

/**
 * What an incremental read brings builds on the rows that are there. Within the run's transaction, which from here on
 * keeps others from emptying the table.
 *
 * @throws TidemarkError TABLE_CHANGED_DURING_RUN when the replica table was emptied since the run began
 */
export async function requireReplicaRows(context: CopyContext): Promise<void> {
  const { input, replica, replicaTable, state } = context;
  if ((state?.rows ?? 0) === 0 || (await hasRows(replica, replicaTable.name))) return;
  throw new TidemarkError('TABLE_CHANGED_DURING_RUN', {
    message: 'replica: the table was emptied while the run was on',
    hint: 'Run again: it is copied anew. The replica database must belong to Tidemark alone.',
    table: input.table,
  });
}

/**
 * A first copy is done when the rows of all its chunks are there.
 *
 * @throws TidemarkError COUNTS_DISAGREE when some were taken away meanwhile
 */
export async function requireCopiedRows(context: CopyContext, copied: number): Promise<void> {
  const { table } = context.input;
  const found = await countReplicaRows(context);
  if (found === copied) return;
  throw new TidemarkError('COUNTS_DISAGREE', {
    message: `replica: ${copied} rows were copied and ${found} are there`,
    hint: `Something else writes to the replica table. Run \`tidemark run ${table} --full-refresh\`: it is copied anew.`,
    table,
  });
}
