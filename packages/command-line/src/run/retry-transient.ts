import { TidemarkError } from '@tidemark/errors';
import pRetry from 'p-retry';

/** An attempt that failed, and what comes of it. */
export interface FailedAttempt {
  readonly error: TidemarkError;
  /** From 1. */
  readonly retry: number;
  readonly retries: number;
  /** Milliseconds until the next attempt. */
  readonly waitMs: number;
}

export interface RetryOptions {
  /** How often at most. */
  readonly retries: number;
  /** Aborted: no further attempt, not even after a wait that has begun. */
  readonly signal: AbortSignal;
  /** Told before the wait. */
  readonly onRetry: (failed: FailedAttempt) => void;
  /** Milliseconds; the later waits grow from it. */
  readonly firstWaitMs?: number;
}

/** With the factor: about 1, 4 and 16 seconds and up to twice as much, in which a server restarts. */
const FIRST_WAIT_MS = 1000;
const FACTOR = 4;

/**
 * Does the work again while it fails by an error that may pass (`isTransient`): after a wait that grows and is never the
 * same, so that the tables of a run do not all come back at once.
 *
 * What the last attempt threw is thrown; a wish to stop does not hide why the work had failed, nor that it succeeded.
 */
export async function retryTransient<Result>(
  work: () => Promise<Result>,
  { retries, signal, onRetry, firstWaitMs = FIRST_WAIT_MS }: RetryOptions,
): Promise<Result> {
  let last: { readonly error: unknown } | { readonly result: Result } | null = null;
  const attempt = async (): Promise<Result> => {
    try {
      const result = await work();
      last = { result };
      return result;
    } catch (error) {
      last = { error };
      throw error;
    }
  };
  // p-retry asks the signal first; the work itself knows better what to say of it.
  if (signal.aborted || retries === 0) return work();
  try {
    return await pRetry(attempt, {
      retries,
      signal,
      minTimeout: firstWaitMs,
      factor: FACTOR,
      randomize: true,
      shouldRetry: ({ error }) => isTransient(error),
      onFailedAttempt: ({ error, attemptNumber, retriesLeft, retryDelay }) => {
        if (retriesLeft === 0 || !isTransient(error)) return;
        onRetry({ error, retry: attemptNumber, retries, waitMs: retryDelay });
      },
    });
  } catch (error) {
    return settle(last, error);
  }
}

function isTransient(error: unknown): error is TidemarkError {
  return error instanceof TidemarkError && error.isTransient;
}

/** p-retry tells the reason of an abort in place of the attempt's own end. */
function settle<Result>(
  last: { readonly error: unknown } | { readonly result: Result } | null,
  thrown: unknown,
): Result {
  if (last === null) throw thrown;
  if ('result' in last) return last.result;
  throw last.error;
}
