import type { Plan, PredicateBranch } from '@tidemark/incremental';
import type { TablePlan } from '@tidemark/replicator';

import { shownMark } from '../render/shown-mark.ts';
import type { BranchReport, PredicateReport, TablePlanReport } from './plan-tables.ts';

const STRATEGY = { full: 'full_table', digest: 'digest', incremental: 'incremental' } as const;

export function toPlanReport(planned: TablePlan): TablePlanReport {
  if (planned.status === 'skipped') return skippedReport(planned);
  const { table, plan, key, digestDue, estimatedRows } = planned;
  return {
    table,
    status: 'planned',
    strategy: STRATEGY[plan.kind],
    reasonCode: plan.reason.code,
    reason: plan.reason.text,
    estimatedRows,
    key,
    predicate: toPredicate(plan),
    columnsKept: plan.observe.map(({ name }) => name),
    columnsSkipped: plan.skipped,
    digestDue,
  };
}

export function skippedReport({ table, reason }: { readonly table: string; readonly reason: string }): TablePlanReport {
  return {
    table,
    status: 'skipped',
    strategy: null,
    reasonCode: null,
    reason,
    estimatedRows: null,
    key: [],
    predicate: null,
    columnsKept: [],
    columnsSkipped: [],
    digestDue: false,
  };
}

function toPredicate(plan: Plan): PredicateReport | null {
  if (plan.kind !== 'incremental') return null;
  const { sql, branches } = plan.predicate;
  return { sql, branches: branches.map(toBranch), readBy: plan.readBy };
}

function toBranch({ column, operator, bound, indexed }: PredicateBranch): BranchReport {
  return { column, operator, bound: shownMark(bound), indexed };
}
