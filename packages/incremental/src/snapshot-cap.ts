import type { CursorValue, OrderedKind } from './cursor-value.ts';
import { parseCursorValue } from './parse-cursor-value.ts';
import { subtractSeconds } from './shift-back.ts';
import type { SnapshotTime } from './types.ts';

const DATE_LENGTH = 'YYYY-MM-DD'.length;
const SECOND_LENGTH = 'YYYY-MM-DD HH:MM:SS'.length;

/**
 * The highest watermark a run may leave for a kind: the source's clock before the first row was read, minus the age of
 * its oldest open transaction, whose rows carry stamps from then on but are not to be seen yet. Null for an integer:
 * a counter has no clock.
 *
 * Cut to the whole second, because a column without fractions stamps the rest of this second with its beginning.
 *
 * @throws RangeError when the source's clock is outside 1900 to 2100.
 */
export function snapshotCap(
  kind: OrderedKind,
  snapshot: SnapshotTime,
  openTransactionAgeSeconds: number | null,
): CursorValue | null {
  if (kind === 'integer') {
    return null;
  }
  const clock = kind === 'timestamp' ? snapshot.utc : snapshot.wall;
  const age = Math.max(0, Math.ceil(openTransactionAgeSeconds ?? 0));
  const text = subtractSeconds(clock.slice(0, SECOND_LENGTH), age);
  const cap = parseCursorValue(kind, kind === 'date' ? text.slice(0, DATE_LENGTH) : text);
  if (cap === null) {
    throw new RangeError('The clock of the source is outside the years 1900 to 2100.');
  }
  return cap;
}
