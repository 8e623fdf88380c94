import { channel } from 'node:diagnostics_channel';

/**
 * Every durable act has a point before and after it. A test subscribes to the channel and makes the process die, wait
 * or fail there; in production nobody listens and a visit costs one boolean.
 */
export const POINTS = [
  'copy.locked',
  'copy.clock-read',
  'copy.replica-table-ready',
  'copy.run-recorded',
  'copy.chunk-staged',
  'copy.before-chunk-commit',
  'copy.after-chunk-commit',
  'copy.staged',
  'copy.applied',
  'copy.tracked',
  'copy.before-commit',
  'copy.after-commit',
  'copy.failure-recorded',
  'load.locked',
  'load.raw-table-ready',
  'load.run-recorded',
  'load.staged',
  'load.merged',
  'load.tracked',
  'load.before-commit',
  'load.after-commit',
  'load.failure-recorded',
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
