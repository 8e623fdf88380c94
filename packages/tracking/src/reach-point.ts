import { channel } from 'node:diagnostics_channel';

/**
 * Every durable act has a point before and after it. A test subscribes to the channel and makes the process die, wait
 * or fail there; in production nobody listens and a visit costs one boolean.
 */
export const POINTS = [
  'migrate.before-ddl',
  'migrate.after-ddl',
  'migrate.recorded',
  'seed.before-insert',
  'seed.inserted',
  'copy.interruption-found',
  'copy.interruption-recorded',
  'copy.locked',
  'copy.clock-read',
  'copy.before-ddl',
  'copy.after-ddl',
  'copy.replica-table-ready',
  'copy.run-recorded',
  'copy.chunk-staged',
  'copy.before-chunk-commit',
  'copy.after-chunk-commit',
  'copy.staged',
  'copy.buried',
  'copy.applied',
  'copy.tracked',
  'copy.before-commit',
  'copy.after-commit',
  'copy.before-failure-recorded',
  'copy.failure-recorded',
  'load.interruption-found',
  'load.interruption-recorded',
  'load.locked',
  'load.before-ddl',
  'load.ddl-run',
  'load.after-ddl',
  'load.raw-table-ready',
  'load.run-recorded',
  'load.created',
  'load.staged',
  'load.deleted',
  'load.merged',
  'load.tracked',
  'load.before-commit',
  'load.after-commit',
  'load.before-failure-recorded',
  'load.failure-recorded',
  'prune.before-history',
  'prune.after-history',
  'prune.tombstones-gone',
  'prune.tombstones-committed',
] as const;

export type Point = (typeof POINTS)[number];

export const POINT_CHANNEL = 'tidemark:point';

/** What a listener gets. It may set `interruption`: the code waits for it, and fails when it rejects. */
export interface PointVisit {
  readonly point: Point;
  readonly table: string;
  interruption?: Promise<void>;
}

const points = channel(POINT_CHANNEL);

/** Announces that the code has come to a named point. */
export async function reachPoint(point: Point, table: string): Promise<void> {
  if (!points.hasSubscribers) return;
  const visit: PointVisit = { point, table };
  points.publish(visit);
  if (visit.interruption) await visit.interruption;
}
