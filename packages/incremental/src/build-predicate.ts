import { lookbackFor } from './lookback.ts';
import { parseCursorValue } from './parse-cursor-value.ts';
import { quoteMysqlIdentifier } from './quote-mysql-identifier.ts';
import { shiftBack } from './shift-back.ts';
import type {
  IncrementalLogic,
  PlanColumn,
  PlanSettings,
  PlanState,
  PlanTable,
  Predicate,
  PredicateBranch,
} from './types.ts';

export interface PredicateInput {
  readonly table: PlanTable;
  readonly settings: PlanSettings;
  readonly state: PlanState;
  /** The incremental columns to follow; at least one. */
  readonly columns: readonly PlanColumn[];
}

/** The predicate, or the columns that have no watermark to start from. */
export type PredicateOutcome = { readonly predicate: Predicate } | { readonly withoutWatermark: readonly string[] };

/**
 * Builds the condition that selects every row which changed since the last success.
 *
 * `(c1 >= w1 - lookback1 OR c2 >= w2 - lookback2 OR key > highest)`: inclusive, because rows can share the watermark's
 * own second. The key branch stays an OR when the stamps are joined by AND; it finds new rows whose stamps are empty.
 */
export function buildPredicate(input: PredicateInput): PredicateOutcome {
  const { settings, state } = input;
  const stamps: PredicateBranch[] = [];
  const withoutWatermark: string[] = [];
  for (const column of input.columns) {
    const bound = stampBound(column, settings, state);
    if (bound === null) {
      withoutWatermark.push(column.name);
    } else {
      stamps.push({ column: column.name, operator: '>=', bound, indexed: column.indexed });
    }
  }
  if (withoutWatermark.length > 0) {
    return { withoutWatermark };
  }
  const branches = [...stamps, ...keyBranch(input)];
  // One stamp has nothing to be joined with.
  const logic = stamps.length > 1 ? settings.incrementalLogic : 'or';
  return {
    predicate: {
      sql: joinBranches(branches, logic, stamps.length),
      params: branches.map((branch) => branch.bound),
      branches,
      logic,
    },
  };
}

/** Null when there is no watermark, or one that cannot be read as a value of this kind. */
function stampBound(column: PlanColumn, settings: PlanSettings, state: PlanState): string | null {
  const watermark = Object.hasOwn(state.watermarks, column.name) ? state.watermarks[column.name] : undefined;
  if (watermark === undefined || column.kind === 'other') {
    return null;
  }
  const value = parseCursorValue(column.kind, watermark);
  return value === null ? null : shiftBack(value, lookbackFor(column, settings));
}

function keyBranch({ table, settings, state }: PredicateInput): readonly PredicateBranch[] {
  const name = table.key[0];
  if (!table.keyIsAutoIncrement || table.key.length !== 1 || name === undefined || state.highestKey === null) {
    return [];
  }
  const highest = parseCursorValue('integer', state.highestKey);
  if (highest === null) {
    return [];
  }
  const bound = shiftBack(highest, lookbackFor({ name, kind: 'integer' }, settings));
  return [{ column: name, operator: '>', bound, indexed: true }];
}

function joinBranches(branches: readonly PredicateBranch[], logic: IncrementalLogic, stamps: number): string {
  const conditions = branches.map((branch) => `${quoteMysqlIdentifier(branch.column)} ${branch.operator} ?`);
  if (logic === 'or') {
    return `(${conditions.join(' OR ')})`;
  }
  const all = `(${conditions.slice(0, stamps).join(' AND ')})`;
  const key = conditions.slice(stamps);
  return key.length === 0 ? all : `(${[all, ...key].join(' OR ')})`;
}
