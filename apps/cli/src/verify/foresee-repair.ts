import { foreseeRepair as foreseeLoad } from '@tidemark/loader';
import { foreseeRepair as foreseeCopy } from '@tidemark/replicator';
import type { DifferingRow, VerifyDeps } from '@tidemark/verifier';
import { toFailure } from '@tidemark/command-line';
import type { OutcomeError } from '@tidemark/command-line/run';

/** What a repair of a table has to write, in rows. */
export interface RepairPlan {
  /** Rows to be copied again, or taken out of the replica. */
  readonly copy: number;
  /** Rows to be loaded again, or taken out of raw. */
  readonly load: number;
  /** What the repair would end with instead: it has more rows to delete than it may. */
  readonly refusal?: OutcomeError;
}

export interface PlanRepairInput {
  readonly deps: VerifyDeps;
  readonly table: string;
  readonly rows: readonly DifferingRow[];
  readonly allowDeletes: boolean;
}

/** What is wrong in the replica is copied; whatever is wrong anywhere is loaded. Each hop is asked what it would refuse. */
export async function planRepair({ deps, table, rows, allowDeletes }: PlanRepairInput): Promise<RepairPlan> {
  const wrong = rows.filter(({ inCopy }) => inCopy);
  const inserts = wrong.filter(({ kind }) => kind === 'missing').length;
  const refusal =
    (await foreseeCopy(deps, { table, allowDeletes, inserts, deletes: countGone(wrong) })) ??
    (await foreseeLoad(deps.loadTracking, {
      table,
      allowDeletes,
      deletes: countGone(rows.filter(({ inRaw }) => inRaw)),
    }));
  const plan = { copy: wrong.length, load: rows.length };
  if (refusal === null) return plan;
  const { code, message, hint } = toFailure(refusal);
  return { ...plan, refusal: { code, message, hint } };
}

function countGone(rows: readonly DifferingRow[]): number {
  return rows.filter(({ inSource }) => !inSource).length;
}
