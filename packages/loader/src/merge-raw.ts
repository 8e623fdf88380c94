import { TidemarkError } from '@tidemark/errors';
import { quoteMysqlIdentifier } from '@tidemark/incremental';
import { reachPoint, type HopSuccess } from '@tidemark/tracking';

import { keptBeside } from './foresee-repair.ts';
import { stopIfAsked, type LoadContext } from './load-context.ts';
import {
  countArrived,
  deleteBuried,
  deleteMarked,
  deleteMissing,
  insertNew,
  updateChanged,
} from './merge-statements.ts';
import { refuseOverCap } from './refuse-over-cap.ts';
import { dropStage, stageRows, type Staged } from './stage-rows.ts';
import { toSuccess } from './to-success.ts';

/**
 * Loads into a raw table that holds rows: staged first, then merged in the transaction that records the load. Readers
 * see the table as it was until all of it is as it should be; views on it are not touched.
 *
 * @throws TidemarkError COUNTS_DISAGREE, DELETE_CAP, TABLE_CHANGED_DURING_RUN
 */
export async function mergeRaw(context: LoadContext): Promise<HopSuccess> {
  const { session, input } = context;
  const staged = await stageRows(context);
  await requireRows(context, staged);
  await reachPoint('load.staged', input.table);
  stopIfAsked(context);
  const success = await session.commit(input.table, input.runId, () => merge(context, staged));
  await dropStage(context);
  return success;
}

async function merge(context: LoadContext, staged: Staged): Promise<HopSuccess> {
  const { target, client, state, plan } = context;
  await requireRawRows(context);
  const deleted = await removeGone(context, staged);
  await reachPoint('load.deleted', context.input.table);
  const update = updateChanged(target);
  const updated = update === null ? 0 : await affected(context, update);
  const inserted = await affected(context, insertNew(target));
  const { rows } = await client.query<{ arrived: string }>(countArrived(target));
  requireArrived(context, { staged: staged.rows, written: inserted + updated, arrived: Number(rows[0]?.arrived) });
  const removed = context.input.settings.deletes === 'remove' ? deleted : 0;
  const rowsNow =
    plan.kind !== 'incremental' || state === null ? await countRows(context, staged) : state.rows + inserted - removed;
  return toSuccess(context, staged.read, { inserted, updated, deleted, rowsNow });
}

async function affected({ client }: LoadContext, sql: string): Promise<number> {
  const result = await client.query(sql);
  return result.rowCount ?? 0;
}

/** First, so that a key that was deleted and came back, or was freed for another row, is free. */
async function removeGone(context: LoadContext, staged: Staged): Promise<number> {
  const { plan, target, input, state } = context;
  const { deletes } = input.settings;
  if (deletes === 'ignore') return 0;
  if (plan.kind === 'full') {
    // They were found gone, within the cap, when they were marked.
    const marked = deletes === 'remove' && target.marksDeleted ? await affected(context, deleteMarked(target)) : 0;
    const missing = await affected(context, deleteMissing(target, deletes));
    refuseOverCap(context, { missing, kept: staged.rows });
    return marked + missing;
  }
  if (plan.tombstones === null && plan.kind !== 'repair') return 0;
  const buried = await affected(context, deleteBuried(target, deletes));
  // Tombstones passed the copy hop's cap; what a repair takes away was judged by nobody yet.
  if (plan.kind === 'repair') refuseOverCap(context, { missing: buried, kept: keptBeside(buried, state?.rows) });
  return buried;
}

/** After a full read that removes what is gone, raw holds the staged rows; else nobody knows without counting. */
async function countRows(context: LoadContext, staged: Staged): Promise<number> {
  if (context.plan.kind === 'full' && context.input.settings.deletes === 'remove') return staged.rows;
  const { rows } = await context.client.query<{ n: string }>(`SELECT count(*) AS n FROM ${context.target.qualified}`);
  return Number(rows[0]?.n);
}

/** A replica table that lost its rows must not empty the warehouse. */
async function requireRows(context: LoadContext, staged: Staged): Promise<void> {
  const { plan, replicaTable, input } = context;
  const copied = replicaTable.copy?.rows ?? 0;
  if (plan.kind === 'incremental' || staged.rows > 0 || copied === 0) return;
  // Of a repair it only says that the named rows are not there.
  if (plan.kind === 'repair' && (await hasReplicaRows(context))) return;
  throw new TidemarkError('COUNTS_DISAGREE', {
    message: `replica: the table is empty, though ${copied} rows were copied into it`,
    hint: `Run \`tidemark copy ${input.table} --full-refresh\`, then load again.`,
    table: input.table,
  });
}

async function hasReplicaRows({ replica, replicaTable }: LoadContext): Promise<boolean> {
  const table = quoteMysqlIdentifier(replicaTable.description.name);
  return (await replica.query(`SELECT 1 FROM ${table} LIMIT 1`)).length > 0;
}

/**
 * What an incremental read brings builds on the rows that are there. The lock lasts until the commit and keeps others
 * from emptying the table; the merge takes the same one.
 */
async function requireRawRows({ client, plan, target, input }: LoadContext): Promise<void> {
  if (plan.kind === 'full') return;
  await client.query(`LOCK TABLE ${target.qualified} IN ROW EXCLUSIVE MODE`);
  const { rows } = await client.query<{ found: boolean }>(`SELECT EXISTS (SELECT FROM ${target.qualified}) AS found`);
  if (rows[0]?.found === true) return;
  throw new TidemarkError('TABLE_CHANGED_DURING_RUN', {
    message: `warehouse: ${target.qualified} was emptied while the load was on`,
    hint: 'Run again: everything is loaded anew.',
    table: input.table,
  });
}

interface Counted {
  readonly staged: number;
  readonly written: number;
  readonly arrived: number;
}

/** rows read = rows staged = inserted + updated + unchanged, and every staged row is in raw as it was staged. */
function requireArrived({ target }: LoadContext, { staged, written, arrived }: Counted): void {
  if (arrived === staged && written <= staged) return;
  throw new TidemarkError('COUNTS_DISAGREE', {
    message: `warehouse: of ${staged} rows read, ${arrived} are in ${target.qualified} as they were read after writing ${written}`,
    hint: 'The load was undone. Look for triggers, rules and row security on the table, and for a key that is not unique.',
    table: target.name,
  });
}
