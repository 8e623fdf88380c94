import type { Logger } from '@tidemark/command-line';
import { formatDuration } from '@tidemark/command-line/render';
import type { VerifyDeps } from '@tidemark/verifier';

import type { FollowedTable } from './follow-table.ts';

type PauseWatch = Pick<FollowedTable, 'onPause' | 'onResume'>;

/** To the display and to the log. */
export function tellProgress(
  { onProgress, onPause, onResume }: FollowedTable,
  logged: PauseWatch,
): Pick<VerifyDeps, 'onProgress' | 'onPause' | 'onResume'> {
  return {
    onProgress,
    onPause: (pause) => {
      onPause(pause);
      logged.onPause(pause);
    },
    onResume: (pause) => {
      onResume(pause);
      logged.onResume(pause);
    },
  };
}

/** One line when reading pauses because the source is busy, and one when it goes on. */
export function logPauses(log: Logger, runId: string, table: string): PauseWatch {
  return {
    onPause: ({ threadsRunning, limit }) =>
      log.warn(
        { runId, table, threadsRunning, limit },
        `${table}: comparison pauses: the source runs ${threadsRunning} threads, more than the ${limit} of source.pause_above_threads_running`,
      ),
    onResume: ({ waitedMs }) =>
      log.info({ runId, table, waitedMs }, `${table}: comparison goes on after a pause of ${formatDuration(waitedMs)}`),
  };
}
