import { reachPoint, type HopSuccess } from '@tidemark/tracking';

import { copyInto } from './copy-into.ts';
import { createRawTable, rawKey } from './create-raw-table.ts';
import type { LoadContext } from './load-context.ts';
import { selectRows } from './select-rows.ts';
import { toSuccess } from './to-success.ts';

/**
 * Loads into a raw table without rows: straight into it, in the transaction that records the load. A table that does not
 * exist is created there, so that nobody sees it half full, and gets its key when the rows are in.
 *
 * @throws TidemarkError DUPLICATE_KEY when the replica's rows are not unique by the key
 */
export async function fillRaw(context: LoadContext): Promise<HopSuccess> {
  const { client, target, session, input } = context;
  return session.commit(input.table, input.runId, async () => {
    if (!target.exists) await client.query(createRawTable(target));
    await reachPoint('load.created', input.table);
    const rows = selectRows(context);
    const freeze = !target.exists;
    const copied = await copyInto(client, { table: target.qualified, columns: target.columns, freeze }, rows, context);
    await reachPoint('load.staged', input.table);
    if (!target.exists) await client.query(rawKey(target));
    return toSuccess(context, rows.encoder, { inserted: copied, updated: 0, deleted: 0, rowsNow: copied });
  });
}
