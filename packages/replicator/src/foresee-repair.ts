import type { TidemarkError } from '@tidemark/errors';
import { openMysqlSession, type MysqlSession } from '@tidemark/mysql';

import { countRows, hasRows } from './count-replica-rows.ts';
import { whyNotDeleted } from './refuse-deletes.ts';
import type { CopyDeps } from './types.ts';

/** What a repair is going to write into the replica, in rows. */
export interface ForeseenRepair {
  readonly table: string;
  readonly allowDeletes: boolean;
  readonly inserts: number;
  readonly deletes: number;
}

/** What a repair would be refused with because of the rows it deletes; null where it would not. Only reads. */
export async function foreseeRepair(
  { source, replica, stallTimeoutMs }: Pick<CopyDeps, 'source' | 'replica' | 'stallTimeoutMs'>,
  { table, allowDeletes, inserts, deletes }: ForeseenRepair,
): Promise<TidemarkError | null> {
  if (allowDeletes || deletes === 0) return null;
  await using stack = new AsyncDisposableStack();
  const open = async (where: 'source' | 'replica'): Promise<MysqlSession> =>
    stack.adopt(await openMysqlSession({ source, replica }[where], { where, stallTimeoutMs }), (opened) =>
      opened.close(),
    );
  // As in the repair itself: of a part that was compared the rows say nothing of the whole.
  const sourceRows = Number(await hasRows(await open('source'), table));
  const replicaRows = (await countRows(await open('replica'), table)) + inserts;
  return whyNotDeleted(table, { missing: deletes, sourceRows, replicaRows, allowDeletes });
}
