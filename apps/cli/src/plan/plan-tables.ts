import type { Setup, Terms } from '@tidemark/command-line';
import { addVanished, chooseTables, copySettings, listTables, worstStatus } from '@tidemark/command-line/run';
import { readConnections } from '@tidemark/config';
import type { Strategy } from '@tidemark/incremental';
import { openMysqlSession } from '@tidemark/mysql';
import { planTable } from '@tidemark/replicator';
import { openCopyTracking } from '@tidemark/tracking';

import { skippedReport, toPlanReport } from './plan-report.ts';

export interface PlanInput {
  readonly terms: Terms;
  readonly fullRefresh: boolean;
}

/** What the next run would do with one table, as `plan --json` prints it. */
export interface TablePlanReport {
  readonly table: string;
  readonly status: 'planned' | 'skipped';
  /** Null for a table that would be skipped. */
  readonly strategy: Strategy | null;
  readonly reasonCode: string | null;
  readonly reason: string;
  readonly estimatedRows: number | null;
  readonly key: readonly string[];
  /** Which rows would be read; null where all are. */
  readonly predicate: PredicateReport | null;
  readonly columnsKept: readonly string[];
  readonly columnsSkipped: readonly { readonly column: string; readonly why: string }[];
  /** Whether the table would also be compared by digest, for changes that move no stamp and for deletes. */
  readonly digestDue: boolean;
}

export interface PredicateReport {
  /** With a `?` for each bound. */
  readonly sql: string;
  readonly branches: readonly BranchReport[];
  /** `index`: every branch has one. `key_range`: the key is walked in ranges and the condition filters. */
  readonly readBy: 'index' | 'key_range';
}

export interface BranchReport {
  readonly column: string;
  readonly operator: string;
  /** A time; null for a number, which may be a row's key (promise P8). */
  readonly bound: string | null;
  readonly indexed: boolean;
}

export interface PlanReport {
  readonly tables: readonly TablePlanReport[];
}

/** Plans the selected tables as the next copy would; reads descriptions and the clock, changes nothing. */
export async function planTables({ environment, file }: Setup, { terms, fullRefresh }: PlanInput): Promise<PlanReport> {
  const endpoints = readConnections(environment, ['source', 'replica']);
  await using opening = new AsyncDisposableStack();
  const source = await openMysqlSession(endpoints.source, { where: 'source' });
  opening.defer(() => source.close());
  const replica = await openMysqlSession(endpoints.replica, { where: 'replica' });
  opening.defer(() => replica.close());
  const tracking = await openCopyTracking(endpoints.replica, { poolSize: 2 });
  opening.defer(() => tracking.close());
  await tracking.requireCurrent();
  const states = await tracking.states();
  const stateOf = new Map(states.map((state) => [state.table, state]));
  const listed = addVanished(await listTables(source), states);
  const chosen = chooseTables({ file, listed, where: 'source', terms, lastStatus: worstStatus(states) });
  const tables: TablePlanReport[] = [];
  for (const { name: table } of chosen.tables) {
    const settings = copySettings(file, table);
    const input = { table, runId: '', settings, fullRefresh, allowDeletes: false };
    tables.push(toPlanReport(await planTable({ source, replica }, input, stateOf.get(table) ?? null)));
  }
  const refused = chosen.refused.map(({ table, error: { code, message, hint } }) =>
    skippedReport({ table, reason: `${message} (${code}). ${hint}` }),
  );
  return { tables: [...tables, ...refused, ...chosen.skipped.map(skippedReport)] };
}
