import type { ProgressEvent } from '@tidemark/tracking';

import { toFailure } from '../program/failure.ts';
import type { Logger } from '../logging/create-logger.ts';
import { formatDuration } from '../render/format.ts';
import { NO_FAULT, PAST, type RunHop, type TableOutcome } from './outcome.ts';
import { renderChanges } from './render-changes.ts';
import type { FailedAttempt } from './retry-transient.ts';

/** One line when a table's plan is known. */
export function logPlan(log: Logger, runId: string, event: Extract<ProgressEvent, { type: 'started' }>): void {
  const { hop, table, plan, reason, estimatedRows } = event;
  log.debug({ runId, hop, table, plan, reason, estimatedRows }, `${table}: ${hop} begins, ${plan}: ${reason}`);
}

/** One line when reading pauses because the source is busy, and one when it goes on. */
export function logPause(
  log: Logger,
  runId: string,
  event: Extract<ProgressEvent, { type: 'paused' | 'resumed' }>,
): void {
  const { table, hop } = event;
  if (event.type === 'paused') {
    const { threadsRunning, limit } = event;
    log.warn(
      { runId, hop, table, threadsRunning, limit },
      `${table}: ${hop} pauses: the source runs ${threadsRunning} threads, more than the ${limit} of source.pause_above_threads_running`,
    );
  } else {
    const { waitedMs } = event;
    log.info({ runId, hop, table, waitedMs }, `${table}: ${hop} goes on after a pause of ${formatDuration(waitedMs)}`);
  }
}

/** One line per table and hop: counts, never values. A failure was logged when it happened. */
export function logOutcome(log: Logger, runId: string, outcome: TableOutcome): void {
  const { table, hop, strategy, reason, status, counts, durationMs } = outcome;
  if (status === 'success') {
    log.info(
      { runId, hop, table, strategy, ...counts, durationMs },
      `${table}: ${PAST[hop]}, ${renderChanges(counts)}, ${formatDuration(durationMs)}`,
    );
  } else if (status === 'skipped') {
    // The cause was told already: an error of the hop before, a signal, the closed window.
    log.debug({ runId, hop, table, reason }, `${table}: ${hop} skipped: ${reason}`);
  }
}

/** An error of a table. Of an unexpected one the places in the code are told at debug level, its message never. */
export function logError(
  log: Logger,
  { runId, hop, table, error }: { runId: string; hop: RunHop; table: string; error: unknown },
): void {
  const { code, message, hint, stack } = toFailure(error);
  const word = NO_FAULT[code];
  log[word ? 'warn' : 'error'](
    { runId, hop, table, code, hint },
    `${table}: ${hop} ${word ?? 'failed'}: ${message} (${code})`,
  );
  if (stack !== null) log.debug({ runId, hop, table, code, stack }, `${table}: where it happened`);
}

/** An error of a table that is not the end of it. */
export function logRetry(
  log: Logger,
  { runId, hop, table }: { runId: string; hop: RunHop; table: string },
  { error, retry, retries, waitMs }: FailedAttempt,
): void {
  const { code, message } = error;
  log.warn(
    { runId, hop, table, code, retry, retries, waitMs },
    `${table}: ${hop} failed: ${message} (${code}); retry ${retry} of ${retries} in ${formatDuration(waitMs)}`,
  );
}
