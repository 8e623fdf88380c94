import type { TablesFile } from '@tidemark/config';
import { createSourceThrottle, followClock, type SourceThrottle } from '@tidemark/mysql';

import type { SourceWindow } from './source-window.ts';

/** What keeps a command within the limits of `source:`. One for all jobs: what the source bears does not depend on how many read. */
export function limitSource(file: TablesFile | null, window: Pick<SourceWindow, 'follow'>): SourceThrottle {
  const throttle = createSourceThrottle({
    rowsPerSecond: file?.source.maxRowsPerSecond ?? null,
    threadsRunning: file?.source.pauseAboveThreadsRunning ?? null,
  });
  return file?.source.window ? followClock(throttle, (wall) => window.follow(wall)) : throttle;
}
