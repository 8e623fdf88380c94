import type { Plan } from '@tidemark/incremental';
import { toPlanTable, walkKeyRanges, WHOLE_TABLE, type ChunkPace } from '@tidemark/mysql';
import { reachPoint, type HopSuccess } from '@tidemark/tracking';

import { applyStage } from './apply-stage.ts';
import type { CopyContext } from './copy-context.ts';
import { countReplicaRows } from './count-replica-rows.ts';
import { deleteMissing, type Absence } from './delete-missing.ts';
import { findDifferences } from './find-differences.ts';
import { findChanges, walkPace } from './find-changes.ts';
import { holdMarks } from './hold-marks.ts';
import { nextMarks } from './next-marks.ts';
import { observeRows, type RowObservers } from './observe-rows.ts';
import { observeReplica } from './observe-replica.ts';
import { readDifferences } from './read-differences.ts';
import type { ReadPiece, ReadTotals } from './read-source.ts';
import { recordedStructure } from './recorded-structure.ts';
import { refuseAltered } from './refuse-altered.ts';
import { requireReplicaRows } from './require-replica-rows.ts';
import { createStage, emptyStage, stageRows } from './stage-rows.ts';
import { mayInferDeletes, mayMoveMarks, readUpgradeSigns, type UpgradeSigns } from './upgrade-signs.ts';

interface Tally {
  inserted: number;
  updated: number;
  deleted: number;
  deletesHeldBack: number;
  digested: boolean;
}

/**
 * Brings a filled replica table up to date: reads what the plan selects into staging, then applies it as a difference
 * in one transaction with the tracking row.
 *
 * A full plan stages the whole table; an incremental one what its predicate selects, and where a digest is due also the
 * ranges that still differ afterwards; a digest plan only those. Only full and digest reads infer deletes.
 */
export async function copyChanges(context: CopyContext, plan: Plan, digestDue: boolean): Promise<HopSuccess> {
  const { input, session, signs } = context;
  const planTable = toPlanTable(context.sourceTable, context.key);
  const observers = observeRows(context.columns, plan.observe, planTable, context.snapshot);
  const totals: ReadTotals = { rows: 0, bytes: 0 };
  const tally: Tally = {
    inserted: 0,
    updated: 0,
    deleted: 0,
    deletesHeldBack: 0,
    digested: plan.kind !== 'incremental',
  };
  const readSigns = (): Promise<UpgradeSigns> => readUpgradeSigns(context.source, input.table);
  await createStage(context);
  await stagePlan(context, plan, { observers, totals });
  await reachPoint('copy.staged', input.table);
  return session.commit(input.table, input.runId, async () => {
    if (plan.kind === 'incremental') await requireReplicaRows(context);
    const whole = { ranges: [WHOLE_TABLE], goneKeys: [], sourceRows: totals.rows };
    await apply(plan.kind === 'full' ? whole : null);
    if (plan.kind === 'digest' || (plan.kind === 'incremental' && digestDue)) await applyDigest();
    const done = await success(context, plan, {
      observers: await observersOf(context, plan, observers),
      totals,
      tally,
    });
    await refuseAltered(context);
    return mayMoveMarks(signs, await readSigns()) ? done : holdMarks(context, done);
  });

  async function apply(absence: Absence | null): Promise<void> {
    const applied = await applyStage(context);
    tally.inserted += applied.inserted;
    tally.updated += applied.updated;
    if (absence === null || input.settings.deletes === 'ignore') return;
    if (mayInferDeletes(signs, await readSigns())) {
      tally.deleted += await deleteMissing(context, absence);
    } else tally.deletesHeldBack += 1;
  }
  /** Within the transaction, so that the replica's digests see what was just applied. */
  async function applyDigest(): Promise<void> {
    const differences = await findDifferences(context);
    tally.digested = true;
    await emptyStage(context);
    await stageRows(context, readDifferences(context, differences), { observers, totals });
    await apply(differences);
  }
}

/** Of rows that were taken over no run has seen a value: once they equal the source's, the replica has them all. */
function observersOf(context: CopyContext, plan: Plan, observers: RowObservers): Promise<RowObservers> | RowObservers {
  return plan.reason.code === 'adopted' ? observeReplica(context, plan) : observers;
}

async function stagePlan(
  context: CopyContext,
  plan: Plan,
  options: { readonly observers: RowObservers; readonly totals: ReadTotals },
): Promise<void> {
  if (plan.kind === 'digest') return;
  const pace = walkPace(context);
  const took = (_rows: number, ms: number): void => pace.took(pace.rows(), ms);
  const pieces = plan.kind === 'incremental' ? findChanges(context, plan, pace) : wholeTable(context, pace);
  const mayOverlap = plan.kind === 'incremental' && plan.readBy === 'index';
  await stageRows(context, pieces, { ...options, took, mayOverlap });
}

async function* wholeTable(context: CopyContext, pace: ChunkPace): AsyncGenerator<ReadPiece> {
  const { sourceTable: table, key } = context;
  for await (const range of walkKeyRanges(context.source, { table, key, rowsPerRange: () => pace.rows() }))
    yield { range };
}

async function success(
  context: CopyContext,
  plan: Plan,
  done: { readonly observers: RowObservers; readonly totals: ReadTotals; readonly tally: Tally },
): Promise<HopSuccess> {
  const { snapshot, openTransactionAgeSeconds, state } = context;
  const { observers, totals, tally } = done;
  const changedRows = tally.inserted + tally.updated + tally.deleted;
  return {
    ...nextMarks(context, plan, {
      observations: observers.observations(),
      highestKey: observers.highestKey(),
      snapshot,
      openTransactionAgeSeconds,
    }),
    rows:
      // What other hands took away or put in is in no count of ours.
      plan.kind === 'full' || tally.digested || state?.succeeded !== true
        ? await countReplicaRows(context)
        : state.rows + tally.inserted - tally.deleted,
    structure: recordedStructure(context.structure, context.sourceTable),
    copySequence: changedRows > 0 ? context.sequence : (state?.copySequence ?? context.sequence),
    sourceAsOf: snapshot.utc,
    strategy: STRATEGY_OF[plan.kind],
    digestedAt: tally.digested ? snapshot.utc : (state?.digestedAt ?? null),
    counts: {
      rowsRead: totals.rows,
      rowsInserted: tally.inserted,
      rowsUpdated: tally.updated,
      rowsDeleted: tally.deleted,
      rowsUnchanged: Math.max(0, totals.rows - tally.inserted - tally.updated),
      bytes: totals.bytes,
    },
    changes: tally.deletesHeldBack > 0 ? { deletesHeldBack: tally.deletesHeldBack } : {},
  };
}

const STRATEGY_OF = { full: 'full_table', incremental: 'incremental', digest: 'digest' } as const;
