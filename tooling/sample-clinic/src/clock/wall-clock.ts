/**
 * An instant as a clock on the practice's wall shows it: no zone, no fraction.
 *
 * Dates before 1970 and the sentinels never pass through here, nor through a JavaScript Date: they are text.
 */
export interface WallClock {
  /** Days since 1970-01-01. */
  readonly day: number;
  /** Seconds since midnight. */
  readonly second: number;
}

const WALL_CLOCK = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2}))?$/;

/** Reads `2025-03-31 18:00:00` or `2025-03-31`. @throws on anything else. */
export function parseWallClock(text: string): WallClock {
  const match = WALL_CLOCK.exec(text);
  if (match === null) throw new Error('a wall-clock time looks like 2025-03-31 18:00:00');
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0));
  return {
    day: daysOf(year ?? 0, month ?? 0, day ?? 0),
    second: ((hour ?? 0) * 60 + (minute ?? 0)) * 60 + (second ?? 0),
  };
}

/** Gregorian date to days since 1970-01-01; the year is counted from March so that the leap day comes last. */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

const texts = new Map<number, string>();

/** `2025-03-31` of a day number. */
export function dateText(day: number): string {
  const known = texts.get(day);
  if (known !== undefined) return known;
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const dayOfMonth = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(dayOfMonth)}`;
  texts.set(day, text);
  return text;
}

/** `14:05:00` of seconds since midnight. */
export function timeText(second: number): string {
  return `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
}

/** `2025-03-31 14:05:00`. */
export function dateTimeText(at: WallClock): string {
  return `${dateText(at.day)} ${timeText(at.second)}`;
}

/** The same clock some seconds later, or earlier when negative. */
export function plusSeconds(at: WallClock, seconds: number): WallClock {
  const total = at.second + seconds;
  const days = Math.floor(total / 86_400);
  return { day: at.day + days, second: total - days * 86_400 };
}

function two(part: number): string {
  return part < 10 ? `0${part}` : String(part);
}
