import type { CursorKind, PlanColumn, PlanSettings } from './types.ts';

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/**
 * Default lookback of a kind in seconds (steps, for an integer).
 *
 * `datetime` covers the hour that a wall clock repeats in autumn plus ten minutes for a workstation's clock, `timestamp`
 * the ten minutes, `date` the day before.
 */
const DEFAULT_LOOKBACK_SECONDS: Readonly<Record<CursorKind, number>> = {
  timestamp: 10 * MINUTE,
  datetime: 70 * MINUTE,
  date: DAY,
  integer: 0,
  other: 0,
};

/** How far behind its watermark the next read of a column of this kind starts, in seconds, where nothing is configured. */
export function lookbackOf(kind: CursorKind): number {
  return DEFAULT_LOOKBACK_SECONDS[kind];
}

/**
 * The lookback of one column: the configured one, else the one configured for every column (`*`, times only: of an
 * integer it would be steps), else the default of its kind. Names are compared as MySQL compares column names: without
 * case.
 *
 * @throws RangeError for a negative lookback: it would skip rows.
 */
export function lookbackFor(column: Pick<PlanColumn, 'name' | 'kind'>, settings: PlanSettings): number {
  const name = column.name.toLowerCase();
  const configured = Object.entries(settings.lookbackSeconds).find(([key]) => key.toLowerCase() === name)?.[1];
  const ofEveryColumn = column.kind === 'integer' ? undefined : settings.lookbackSeconds['*'];
  const lookback = configured ?? ofEveryColumn ?? lookbackOf(column.kind);
  if (!(lookback >= 0)) {
    throw new RangeError(`The lookback of ${column.name} must be zero or more seconds.`);
  }
  return lookback;
}
