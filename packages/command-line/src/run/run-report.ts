import type { Strategy } from '@tidemark/incremental';

import type { OutcomeError, RunHop, TableOutcome } from './outcome.ts';

/** What `run`, `copy` and `load` print with `--json`. */
export interface RunReport {
  readonly runId: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Whether every table that was begun succeeded, and none was left because the run was stopped. */
  readonly ok: boolean;
  readonly tables: readonly TableReport[];
}

export interface TableReport {
  readonly table: string;
  readonly hop: RunHop;
  readonly strategy: Strategy | null;
  readonly reason: string | null;
  readonly status: 'success' | 'failed' | 'skipped';
  readonly rowsRead: number;
  readonly rowsInserted: number;
  readonly rowsUpdated: number;
  readonly rowsDeleted: number;
  readonly rowsUnchanged: number;
  readonly durationMs: number;
  readonly error?: OutcomeError;
}

export function toTableReport({ counts, error, ...outcome }: TableOutcome): TableReport {
  const { rowsRead, rowsInserted, rowsUpdated, rowsDeleted, rowsUnchanged } = counts;
  return {
    table: outcome.table,
    hop: outcome.hop,
    strategy: outcome.strategy,
    reason: outcome.reason,
    status: outcome.status,
    rowsRead,
    rowsInserted,
    rowsUpdated,
    rowsDeleted,
    rowsUnchanged,
    durationMs: outcome.durationMs,
    ...(error ? { error } : {}),
  };
}
