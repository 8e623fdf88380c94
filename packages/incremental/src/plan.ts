import { buildPredicate } from './build-predicate.ts';
import { chooseColumns, leaveOutBadColumns, type ChosenColumns } from './choose-columns.ts';
import { REASONS } from './reasons.ts';
import type { DigestPlan, FullPlan, Plan, PlanColumn, PlanInput, PlanState, Reason, SkippedColumn } from './types.ts';

/**
 * Decides how the next run of one table finds its changes: `full`, `incremental` or `digest`, and says why.
 *
 * What forbids to continue from the last success comes first, in the order forced, first copy, new target, changed
 * structure; then what the configuration asks for; then what the table's columns allow.
 */
export function plan(input: PlanInput): Plan {
  const { table, settings, state } = input;
  const columns = chooseColumns(table, settings);
  const base = { observe: columns.usable, skipped: columns.skipped };
  const full = (reason: Reason): FullPlan => ({ kind: 'full', reason, ...base });
  if (input.force) {
    return full(REASONS.forced());
  }
  if (state === null) {
    return input.adopts === true && table.key.length > 0
      ? { kind: 'digest', reason: REASONS.adopted(), ...base }
      : full(REASONS.firstCopy());
  }
  if (input.replicaIsNew) {
    return full(REASONS.replicaNew());
  }
  if (state.structure !== input.structure) {
    return full(REASONS.structureChanged());
  }
  if (settings.strategy === 'full_table') {
    return full(REASONS.configuredFullTable());
  }
  if (table.key.length === 0) {
    return full(REASONS.noKey());
  }
  if (settings.strategy === 'digest') {
    return { kind: 'digest', reason: REASONS.configuredDigest(), ...base };
  }
  return planByColumns(input, state, columns);
}

/** Strategy `incremental`, or none configured: listed columns say that changes show in them. */
function planByColumns(input: PlanInput, state: PlanState, columns: ChosenColumns): Plan {
  const { table, settings } = input;
  if (columns.onlyKey) {
    return { kind: 'digest', reason: REASONS.keyOnly(table), observe: [], skipped: columns.skipped };
  }
  if (columns.usable.length === 0 && columns.skipped.length === 0) {
    return withoutColumns(input, columns, {
      small: REASONS.smallTable(table.estimatedRows, settings.fullTableBelowRows),
      big: REASONS.noIncrementalColumns(),
    });
  }
  const quality =
    settings.columnQuality === 'skip'
      ? leaveOutBadColumns(columns.usable, input.observations)
      : { kept: columns.usable, skipped: [] };
  const skipped = [...columns.skipped, ...quality.skipped];
  if (quality.kept.length === 0) {
    const reason = REASONS.noValidColumn(skipped);
    return withoutColumns(input, { ...columns, skipped }, { small: reason, big: reason });
  }
  return planIncremental(input, state, { usable: columns.usable, kept: quality.kept, skipped });
}

function planIncremental(
  input: PlanInput,
  state: PlanState,
  columns: {
    readonly usable: readonly PlanColumn[];
    readonly kept: readonly PlanColumn[];
    readonly skipped: readonly SkippedColumn[];
  },
): Plan {
  const { kept, skipped } = columns;
  const outcome = buildPredicate({ table: input.table, settings: input.settings, state, columns: kept });
  if ('withoutWatermark' in outcome) {
    return { kind: 'full', reason: REASONS.noWatermark(outcome.withoutWatermark), observe: columns.usable, skipped };
  }
  const { predicate } = outcome;
  const everyBranchIndexed = predicate.logic === 'or' && predicate.branches.every((branch) => branch.indexed);
  return {
    kind: 'incremental',
    reason: REASONS.incremental(predicate),
    observe: kept,
    skipped,
    predicate,
    readBy: everyBranchIndexed ? 'index' : 'key_range',
  };
}

/** A small table is read whole, a big one compared by digest. */
function withoutColumns(
  input: PlanInput,
  columns: Pick<ChosenColumns, 'usable' | 'skipped'>,
  reasons: { readonly small: Reason; readonly big: Reason },
): FullPlan | DigestPlan {
  const base = { observe: columns.usable, skipped: columns.skipped };
  return input.table.estimatedRows < input.settings.fullTableBelowRows
    ? { kind: 'full', reason: reasons.small, ...base }
    : { kind: 'digest', reason: reasons.big, ...base };
}
