import type { SnapshotTime } from '@tidemark/incremental';

/**
 * The snapshot time with the wall clock of another zone: where an application keeps its DATETIME columns in a zone that
 * is not the server's (`time_column_zone`), they are compared with that clock.
 *
 * @param zone a name that Intl knows, such as `America/Chicago`; null: the server's own wall clock stays
 */
export function inZone(snapshot: SnapshotTime, zone: string | null): SnapshotTime {
  if (zone === null) return snapshot;
  const fraction = snapshot.utc.slice(SECOND_LENGTH);
  const instant = new Date(`${snapshot.utc.slice(0, SECOND_LENGTH).replace(' ', 'T')}Z`);
  const parts = new Intl.DateTimeFormat('en', { ...FIELDS, timeZone: zone }).formatToParts(instant);
  const part = (wanted: Intl.DateTimeFormatPartTypes): string => parts.find(({ type }) => type === wanted)?.value ?? '';
  const date = `${part('year')}-${part('month')}-${part('day')}`;
  return { utc: snapshot.utc, wall: `${date} ${part('hour')}:${part('minute')}:${part('second')}${fraction}` };
}

const SECOND_LENGTH = 'YYYY-MM-DD HH:MM:SS'.length;

const FIELDS = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
} as const;
