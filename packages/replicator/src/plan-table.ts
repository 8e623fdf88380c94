import { TidemarkError } from '@tidemark/errors';
import type { Plan } from '@tidemark/incremental';
import {
  describeTables,
  readClock,
  requireReadable,
  structureFingerprint,
  toPlanTable,
  type MysqlSession,
} from '@tidemark/mysql';
import type { HopState } from '@tidemark/tracking';

import { hasRows } from './count-replica-rows.ts';
import { readAbilities } from './ensure-replica-table.ts';
import { keyOf } from './key-of.ts';
import { planCopy, whyDigest } from './plan-copy.ts';
import { reconcileReplica } from './reconcile-replica.ts';
import type { CopyInput } from './types.ts';
import { wasCopied } from './was-copied.ts';

/** What the next copy of a table would do. */
export type TablePlan =
  | { readonly table: string; readonly status: 'skipped'; readonly reason: string }
  | {
      readonly table: string;
      readonly status: 'planned';
      readonly plan: Plan;
      readonly key: readonly string[];
      /** Columns that have an index of their own in the source. */
      readonly indexed: readonly string[];
      readonly digestDue: boolean;
      readonly estimatedRows: number;
    };

interface Sessions {
  readonly source: MysqlSession;
  readonly replica: MysqlSession;
}

/**
 * Plans a table without changing anything: reads descriptions, the clock and whether the replica has rows. What stops
 * this table alone, an error that names it, is told as the reason.
 */
export async function planTable(sessions: Sessions, input: CopyInput, state: HopState | null): Promise<TablePlan> {
  try {
    return await planned(sessions, input, state);
  } catch (error) {
    if (!(error instanceof TidemarkError) || error.table === undefined) throw error;
    const { message, code, hint } = error;
    return { table: input.table, status: 'skipped', reason: `${message} (${code}). ${hint}` };
  }
}

async function planned(sessions: Sessions, input: CopyInput, state: HopState | null): Promise<TablePlan> {
  const { table } = input;
  const sourceTable = (await describeTables(sessions.source, [table])).find((found) => found.name === table);
  if (!sourceTable) {
    const reason = 'the source has no such table';
    return {
      table,
      status: 'skipped',
      reason: wasCopied(state) ? `${reason}, which was copied before (TABLE_GONE)` : reason,
    };
  }
  await requireReadable(sessions.source, table);
  const key = keyOf(sourceTable, input.settings.primaryKey);
  if (key.length === 0) return { table, status: 'skipped', reason: 'the table has no key that rows can be written by' };
  const replicaTable = (await describeTables(sessions.replica, [table])).find((found) => found.name === table);
  if (replicaTable !== undefined && !input.fullRefresh) {
    const abilities = await readAbilities(sessions.replica);
    const { obstacles } = reconcileReplica(sourceTable, replicaTable, key, abilities);
    if (obstacles.length > 0) {
      return { table, status: 'skipped', reason: `${obstacles.join('; ')} (SCHEMA_INCOMPATIBLE)` };
    }
  }
  const isEmpty = replicaTable === undefined || !(await hasRows(sessions.replica, table));
  const facts = {
    input,
    sourceTable,
    key,
    structure: structureFingerprint(sourceTable.columns, key),
    state,
    holdsRows: !isEmpty && state?.resume == null,
    replicaIsNew: replicaTable === undefined || (isEmpty && (state?.rows ?? 0) > 0) || state?.resume != null,
  };
  const plan = planCopy(facts);
  const snapshot = await readClock(sessions.source);
  return {
    table,
    status: 'planned',
    plan,
    key,
    indexed: toPlanTable(sourceTable, key)
      .columns.filter((column) => column.indexed)
      .map((column) => column.name),
    digestDue: plan.kind === 'incremental' && whyDigest(facts, snapshot.utc) !== null,
    estimatedRows: sourceTable.estimatedRows,
  };
}
