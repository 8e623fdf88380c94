import { classifyDriverError, TidemarkError } from '@tidemark/errors';
import {
  endConnection,
  STOP_READING_MS,
  STOP_WRITING_MS,
  stopDeadline,
  type MysqlSession,
  type StopDeadline,
} from '@tidemark/mysql';
import { reachPoint, type HopState, type HopSuccess, type LoadSession, type TableResult } from '@tidemark/tracking';

import { fillRaw } from './fill-raw.ts';
import { findReplicaTable, type ReplicaTable } from './find-replica-table.ts';
import { followMarks } from './follow-marks.ts';
import { hasLoadedRows } from './has-loaded-rows.ts';
import { stopIfAsked, stopped, type LoadContext } from './load-context.ts';
import { loadedStructure } from './loaded-structure.ts';
import { mergeRaw } from './merge-raw.ts';
import { openReplicaSnapshot } from './open-replica-snapshot.ts';
import { planLoad, type PlanLoadInput } from './plan-load.ts';
import { keepMarks, planRepair } from './plan-repair.ts';
import { prepareRaw } from './prepare-raw.ts';
import { pruneTombstones } from './prune-tombstones.ts';
import { notReady, requireLoadedTable, requireSameStructure } from './require-loaded-table.ts';
import { NOTHING_WRITTEN, toSuccess } from './to-success.ts';
import type { LoadDeps, LoadInput, NamedRows } from './types.ts';

/**
 * Loads one table from the replica into raw: lock, describe, reconcile, plan, stage, merge, commit.
 *
 * Rows, tombstones and the copy hop's record are read in one snapshot of the replica (P5); rows and tracking move in one
 * transaction of the warehouse (P1).
 *
 * @throws TidemarkError after the failure was recorded; TABLE_LOCKED when another run holds the table
 */
export async function loadTable(deps: LoadDeps, input: LoadInput): Promise<TableResult> {
  const began = performance.now();
  const session = await deps.tracking.openSession();
  using deadline = stopDeadline(deps.signal);
  deadline.after(STOP_WRITING_MS, () => session.abandon());
  try {
    await session.lock(input.table);
    const done = await loadLocked(deps, input, { session, deadline });
    await session.unlock(input.table);
    return { ...done, durationMs: Math.round(performance.now() - began) };
  } catch (error) {
    const failure = deadline.hasPassed ? stopped(input) : classifyDriverError(error, 'warehouse', input.table);
    if (failure.code !== 'TABLE_LOCKED') await recordFailure(session, input, failure);
    throw failure;
  } finally {
    await session.release();
  }
}

/** The first error is the one that is told: one that comes from writing it down must not take its place. */
async function recordFailure(session: LoadSession, input: LoadInput, failure: TidemarkError): Promise<void> {
  try {
    await session.recordFailure(input.table, input.runId, failure);
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
  }
}

type Done = Omit<TableResult, 'durationMs'>;

interface Held {
  readonly session: LoadSession;
  readonly deadline: StopDeadline;
}

async function loadLocked(deps: LoadDeps, input: LoadInput, { session, deadline }: Held): Promise<Done> {
  const recorded = await session.state(input.table);
  const keepSeconds = input.settings.keepTombstonesSeconds ?? null;
  const replica = await openReplicaSnapshot(deps, (opened) =>
    pruneTombstones(opened, input.table, { state: recorded, keepSeconds }),
  );
  using _stop = deadline.after(STOP_READING_MS, () => endConnection(deps.replica, 'replica', replica.connection));
  try {
    const replicaTable = await findReplicaTable(replica, input);
    if ('skip' in replicaTable) {
      if (input.repair) throw notReady(input.table, 'the replica has no finished copy of this table');
      return skipped(input, replicaTable.skip);
    }
    const state = recorded?.succeeded === true ? recorded : null;
    const context = await planned(deps, input, { session, replica, state, replicaTable: replicaTable.found });
    const { plan } = context;
    const otherStatements = (): number => replica.statements();
    const { runId, table } = input;
    await session.recordStart({ runId, table, plan: plan.kind, reason: plan.reason, otherStatements });
    const { estimatedRows } = replicaTable.found.description;
    deps.onProgress?.({
      type: 'started',
      hop: 'load',
      table: input.table,
      plan: plan.kind,
      reason: plan.reason,
      estimatedRows,
    });
    return finished(input, plan.reason, await written(context));
  } finally {
    await replica.close();
  }
}

interface Opened {
  readonly session: LoadSession;
  readonly replica: MysqlSession;
  readonly replicaTable: ReplicaTable;
  readonly state: HopState | null;
}

async function planned(deps: LoadDeps, input: LoadInput, opened: Opened): Promise<LoadContext> {
  const { session, replicaTable, state } = opened;
  const { client } = session;
  const { deletes, plan: settings } = input.settings;
  const { description, key } = replicaTable;
  const { schema } = deps.tracking;
  if (input.repair) await requireLoadedTable(client, { schema, replicaTable, state });
  const target = await prepareRaw(client, { schema, replicaTable: description, key, deletes });
  await reachPoint('load.raw-table-ready', input.table);
  const structure = loadedStructure(target, replicaTable.copy, deletes);
  const known = { ...opened, deps, input, client, target, structure };
  const { plan, marks } = input.repair
    ? plannedRepair(known, input.repair)
    : await plannedLoad(known, { fullRefresh: input.fullRefresh, settings });
  stopIfAsked({ deps, input });
  return { ...known, plan, marks };
}

type Known = Omit<LoadContext, 'plan' | 'marks'>;
type Planned = Pick<LoadContext, 'plan' | 'marks'>;

async function plannedLoad(
  { input, replica, replicaTable, target, state, structure }: Known,
  asked: Pick<PlanLoadInput, 'fullRefresh' | 'settings'>,
): Promise<Planned> {
  const buildsOnLastLoad = await hasLoadedRows(replica, replicaTable, state);
  const plan = planLoad({ ...asked, replica: replicaTable, raw: target, state, structure, buildsOnLastLoad });
  const { columns } = target;
  const { timeColumnZone } = input.settings;
  return { plan, marks: await followMarks(replica, { replicaTable, columns, plan, state, timeColumnZone }) };
}

function plannedRepair({ input, state, structure, target }: Known, repair: NamedRows): Planned {
  const loaded = requireSameStructure(input.table, { state, structure, hasRows: target.hasRows });
  return { plan: planRepair(repair), marks: keepMarks(loaded) };
}

function written(context: LoadContext): Promise<HopSuccess> {
  const { plan, target, session, input, state } = context;
  if (plan.kind === 'nothing') {
    const unchanged = { ...NOTHING_WRITTEN, rowsNow: state?.rows ?? 0 };
    return session.commit(input.table, input.runId, async () => toSuccess(context, null, unchanged));
  }
  return target.hasRows || !target.takesCopy ? mergeRaw(context) : fillRaw(context);
}

const NOTHING = { rowsRead: 0, rowsInserted: 0, rowsUpdated: 0, rowsDeleted: 0, rowsUnchanged: 0, bytes: 0 };

function skipped(input: LoadInput, reason: string): Done {
  return { table: input.table, hop: 'load', strategy: null, reason, status: 'skipped', counts: NOTHING, changes: {} };
}

function finished(input: LoadInput, reason: string, success: HopSuccess): Done {
  const { strategy, counts, changes } = success;
  return { table: input.table, hop: 'load', strategy, reason, status: 'success', counts, changes };
}
