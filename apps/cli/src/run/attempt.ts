import type { Strategy } from '@tidemark/incremental';
import type { ProgressEvent, TableResult } from '@tidemark/tracking';

import { toFailure } from '../command-line/failure.ts';
import { NO_ROWS, succeeded, type RunHop, type TableOutcome } from './outcome.ts';

export interface AttemptOptions {
  readonly table: string;
  readonly hop: RunHop;
  readonly onProgress: (event: ProgressEvent) => void;
  /** Told of the error itself, for the log. */
  readonly onError: (error: unknown) => void;
}

const STRATEGIES: Readonly<Record<string, Strategy>> = {
  full: 'full_table',
  full_table: 'full_table',
  digest: 'digest',
  incremental: 'incremental',
};

/** Runs a hop of a table; what it throws becomes an outcome that still says what had been planned. */
export async function attempt(
  work: (onProgress: (event: ProgressEvent) => void) => Promise<TableResult>,
  { table, hop, onProgress, onError }: AttemptOptions,
): Promise<TableOutcome> {
  const startedAt = performance.now();
  let planned: { plan: string; reason: string } | null = null;
  try {
    return succeeded(
      await work((event) => {
        if (event.type === 'started') planned = event;
        onProgress(event);
      }),
    );
  } catch (error) {
    onError(error);
    const { code, message, hint } = toFailure(error);
    const known = planned as { plan: string; reason: string } | null;
    return {
      table,
      hop,
      strategy: known ? (STRATEGIES[known.plan] ?? null) : null,
      reason: known?.reason ?? null,
      status: 'failed',
      counts: NO_ROWS,
      changes: {},
      durationMs: Math.round(performance.now() - startedAt),
      error: { code, message, hint },
    };
  }
}
