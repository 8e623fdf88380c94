import type { EntitySchema } from 'typeorm';

import type { HistoryRow } from './entities/run-history.ts';
import type { CopyStatusRow, HopStatusRow, WarehouseStatusRow } from './entities/status-row.ts';
import { copyStatus } from './entities/copy-status.ts';
import { loadStatus } from './entities/load-status.ts';
import { copyHistory, loadHistory } from './entities/run-history.ts';
import type { Point } from './reach-point.ts';

/** Everything in which the tracking of the copy hop and of the load hop differ, so that the rest is written once. */
export interface Tier {
  readonly hop: 'copy' | 'load';
  /** Which database, for messages. */
  readonly where: 'replica' | 'warehouse';
  readonly status: EntitySchema<CopyStatusRow> | EntitySchema<HopStatusRow & WarehouseStatusRow>;
  readonly history: EntitySchema<HistoryRow>;
  /** SQL for the present in UTC, without a zone: the form of every time in these tables. */
  readonly utcNow: string;
  /** SQL for that many seconds ago, in the same form. */
  readonly utcBefore: (seconds: number) => string;
  readonly points: {
    readonly interruptionFound: Point;
    readonly interruptionRecorded: Point;
    readonly locked: Point;
    readonly runRecorded: Point;
    readonly worked: Point;
    readonly tracked: Point;
    readonly beforeCommit: Point;
    readonly afterCommit: Point;
    readonly beforeFailureRecorded: Point;
    readonly failureRecorded: Point;
  };
}

export const copyTier: Tier = {
  hop: 'copy',
  where: 'replica',
  status: copyStatus,
  history: copyHistory,
  utcNow: 'UTC_TIMESTAMP(6)',
  utcBefore: (seconds) => `UTC_TIMESTAMP(6) - INTERVAL ${Math.ceil(seconds)} SECOND`,
  points: {
    interruptionFound: 'copy.interruption-found',
    interruptionRecorded: 'copy.interruption-recorded',
    locked: 'copy.locked',
    runRecorded: 'copy.run-recorded',
    worked: 'copy.applied',
    tracked: 'copy.tracked',
    beforeCommit: 'copy.before-commit',
    afterCommit: 'copy.after-commit',
    beforeFailureRecorded: 'copy.before-failure-recorded',
    failureRecorded: 'copy.failure-recorded',
  },
};

export const loadTier: Tier = {
  hop: 'load',
  where: 'warehouse',
  status: loadStatus,
  history: loadHistory,
  utcNow: "(clock_timestamp() AT TIME ZONE 'UTC')",
  utcBefore: (seconds) => `(clock_timestamp() AT TIME ZONE 'UTC') - make_interval(secs => ${Math.ceil(seconds)})`,
  points: {
    interruptionFound: 'load.interruption-found',
    interruptionRecorded: 'load.interruption-recorded',
    locked: 'load.locked',
    runRecorded: 'load.run-recorded',
    worked: 'load.merged',
    tracked: 'load.tracked',
    beforeCommit: 'load.before-commit',
    afterCommit: 'load.after-commit',
    beforeFailureRecorded: 'load.before-failure-recorded',
    failureRecorded: 'load.failure-recorded',
  },
};
