import type { Strategy } from '@tidemark/incremental';
import type { ProgressEvent, TableResult } from '@tidemark/tracking';

import { toFailure } from '../program/failure.ts';
import { failed, succeeded, type RunHop, type TableOutcome } from './outcome.ts';
import type { Patience } from './patience.ts';
import { retryTransient, type FailedAttempt } from './retry-transient.ts';

export interface AttemptOptions {
  readonly table: string;
  readonly hop: RunHop;
  readonly onProgress: (event: ProgressEvent) => void;
  /** Told of the error itself, for the log. */
  readonly onError: (error: unknown) => void;
  /** Told of an error that is not the end of it. */
  readonly onRetry: (failed: FailedAttempt) => void;
  readonly patience: Patience;
  /** Aborted: no further attempt. */
  readonly signal: AbortSignal;
}

const STRATEGIES: Readonly<Record<string, Strategy>> = {
  full: 'full_table',
  full_table: 'full_table',
  digest: 'digest',
  incremental: 'incremental',
};

/**
 * Runs a hop of a table, again where the error may pass; what the last attempt throws becomes an outcome that still says
 * what had been planned.
 */
export async function attempt(
  work: (onProgress: (event: ProgressEvent) => void) => Promise<TableResult>,
  { table, hop, onProgress, onError, onRetry, patience, signal }: AttemptOptions,
): Promise<TableOutcome> {
  const startedAt = performance.now();
  let planned: { plan: string; reason: string } | null = null;
  const tell = (event: ProgressEvent): void => {
    if (event.type === 'started') planned = event;
    onProgress(event);
  };
  try {
    const result = await retryTransient(() => work(tell), { retries: patience.retries(), signal, onRetry });
    patience.ended(null);
    return succeeded(result);
  } catch (error) {
    patience.ended(error);
    onError(error);
    const known = planned as { plan: string; reason: string } | null;
    return {
      ...failed(table, hop, toFailure(error)),
      strategy: known ? (STRATEGIES[known.plan] ?? null) : null,
      reason: known?.reason ?? null,
      durationMs: Math.round(performance.now() - startedAt),
    };
  }
}
