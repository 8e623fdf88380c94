import { structureFingerprint, toPlanTable } from '@tidemark/mysql';
import { reachPoint, type HopState, type HopSuccess } from '@tidemark/tracking';

import { applyStage } from './apply-stage.ts';
import { stopIfAsked, type CopyContext } from './copy-context.ts';
import { countReplicaRows, hasRows } from './count-replica-rows.ts';
import { deleteMissing } from './delete-missing.ts';
import type { Differences } from './find-differences.ts';
import { observeRows } from './observe-rows.ts';
import { readDifferences } from './read-differences.ts';
import type { ReadTotals } from './read-source.ts';
import { refuseAltered } from './refuse-altered.ts';
import { requireFinishedCopy } from './require-finished-copy.ts';
import { requireReplicaRows } from './require-replica-rows.ts';
import { createStage, stageRows } from './stage-rows.ts';
import { mayInferDeletes, readUpgradeSigns } from './upgrade-signs.ts';

type Known = Omit<CopyContext, 'replicaTable' | 'columns' | 'structure' | 'state' | 'sequence'>;

export interface Repaired {
  readonly reason: string;
  readonly outcome: HopSuccess;
}

/**
 * Brings the rows right that a comparison has named, on the way of every copy: staged, applied as a difference, gone
 * ones buried, one transaction with the tracking row. A row that changed since the comparison is copied as it is now.
 *
 * What was read says nothing of other rows, so watermarks, highest key, digest time and what the data stand for stay.
 *
 * @throws TidemarkError TABLE_NOT_READY when there is no finished copy to repair
 */
export async function repairTable(known: Known, repair: Differences): Promise<Repaired> {
  const { deps, input, session, sourceTable, key } = known;
  const { state, replicaTable } = await requireFinishedCopy(known);
  await reachPoint('copy.replica-table-ready', input.table);
  const { columns, estimatedRows } = sourceTable;
  const sequence = (BigInt(state.copySequence ?? '0') + 1n).toString();
  const structure = structureFingerprint(columns, key);
  const context: CopyContext = { ...known, replicaTable, columns, structure, state, sequence };
  const reason = reasonOf(repair);
  stopIfAsked(context);
  await session.recordStart({ runId: input.runId, table: input.table, plan: 'repair', reason });
  deps.onProgress?.({ type: 'started', hop: 'copy', table: input.table, plan: 'repair', reason, estimatedRows });
  return { reason, outcome: await repairRows(context, state, repair) };
}

/** Counts only: keys and ranges are patient data. */
function reasonOf({ ranges, changedKeys, goneKeys }: Differences): string {
  return `A comparison found ${changedKeys.length + goneKeys.length} rows and ${ranges.length} ranges that differ.`;
}

async function repairRows(context: CopyContext, state: HopState, repair: Differences): Promise<HopSuccess> {
  const { source, sourceTable, input, session } = context;
  const observers = observeRows(context.columns, [], toPlanTable(sourceTable, context.key), context.snapshot);
  const totals: ReadTotals = { rows: 0, bytes: 0 };
  const signs = await readUpgradeSigns(source, input.table);
  // Each key is looked for, whatever it was found to be: meanwhile it may have come back, or gone.
  const named = [...repair.changedKeys, ...repair.goneKeys];
  await createStage(context);
  const pieces = readDifferences(context, { ranges: repair.ranges, changedKeys: named });
  // A key may be named twice, or lie in one of the ranges; its row may change from one reading to the next.
  await stageRows(context, pieces, { observers, totals, mayOverlap: true });
  await reachPoint('copy.staged', input.table);
  const sourceRows = (await hasRows(source, sourceTable.name)) ? repair.sourceRows : 0;
  return session.commit(input.table, input.runId, async () => {
    await requireReplicaRows(context);
    await refuseAltered(context);
    const applied = await applyStage(context);
    const keeps = input.settings.deletes === 'ignore';
    const mayDelete = !keeps && mayInferDeletes(signs, await readUpgradeSigns(source, input.table));
    const absence = { ranges: repair.ranges, goneKeys: named, sourceRows };
    const deleted = mayDelete ? await deleteMissing(context, absence) : 0;
    const counted = { ...applied, deleted, deletesHeldBack: keeps || mayDelete ? 0 : 1 };
    return success(context, { ...state, rows: await countReplicaRows(context) }, { ...totals, ...counted });
  });
}

type Counted = ReadTotals & {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly deletesHeldBack: number;
};

function success({ sequence }: CopyContext, state: HopState, counted: Counted): HopSuccess {
  const { rows, bytes, inserted, updated, deleted, deletesHeldBack } = counted;
  return {
    ...state,
    strategy: state.strategy ?? 'full_table',
    copySequence: inserted + updated + deleted > 0 ? sequence : state.copySequence,
    counts: {
      rowsRead: rows,
      rowsInserted: inserted,
      rowsUpdated: updated,
      rowsDeleted: deleted,
      rowsUnchanged: Math.max(0, rows - inserted - updated),
      bytes,
    },
    changes: deletesHeldBack > 0 ? { deletesHeldBack } : {},
  };
}
