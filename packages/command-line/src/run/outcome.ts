import type { Strategy } from '@tidemark/incremental';
import type { ChangeCounts, RowCounts, TableResult } from '@tidemark/tracking';

export type RunHop = 'copy' | 'load';

/** Why a table failed, as it is told. */
export interface OutcomeError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What became of one table in one hop, however it ended. */
export interface TableOutcome {
  readonly table: string;
  readonly hop: RunHop;
  readonly strategy: Strategy | null;
  /** Null where it failed before there was a plan. */
  readonly reason: string | null;
  readonly status: 'success' | 'failed' | 'skipped';
  readonly counts: RowCounts;
  /** Promise P10. */
  readonly changes: ChangeCounts;
  readonly durationMs: number;
  readonly error: OutcomeError | null;
}

/** A table that was stopped, or is held by another run, is no fault to look for. Code → word. */
export const NO_FAULT: Readonly<Record<string, string>> = { STOPPED: 'stopped', TABLE_LOCKED: 'locked' };

export const NO_ROWS: RowCounts = {
  rowsRead: 0,
  rowsInserted: 0,
  rowsUpdated: 0,
  rowsDeleted: 0,
  rowsUnchanged: 0,
  bytes: 0,
};

const NOTHING_DONE = {
  strategy: null,
  reason: null,
  counts: NO_ROWS,
  changes: {},
  durationMs: 0,
  error: null,
} satisfies Partial<TableOutcome>;

export function succeeded(result: TableResult): TableOutcome {
  return { ...result, error: null };
}

export const PAST = { copy: 'copied', load: 'loaded' } as const;

/** A table that did not come through the hop before. */
export function notReached(table: string, hop: RunHop, before: RunHop): TableOutcome {
  return notBegun(table, hop, `not ${PAST[hop]}, because it was not ${PAST[before]}`);
}

/** A table that failed before anything was planned for it. */
export function failed(table: string, hop: RunHop, { code, message, hint }: OutcomeError): TableOutcome {
  return { ...NOTHING_DONE, table, hop, status: 'failed', error: { code, message, hint } };
}

/** A table that was not begun; why, in words. */
export function notBegun(table: string, hop: RunHop, reason: string): TableOutcome {
  return { ...NOTHING_DONE, table, hop, status: 'skipped', reason };
}
