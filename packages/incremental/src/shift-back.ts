import { Temporal } from 'temporal-polyfill';

import { compareTimeTexts, type CursorValue, type OrderedKind } from './cursor-value.ts';

const DAY_SECONDS = 86_400;

/** Longer than the whole legal range, short enough for Temporal. */
const MOST_SECONDS = 10_000 * 366 * DAY_SECONDS;

/** Below these a comparison leaves the legal range of the column's type. */
const LOWEST_LEGAL: Readonly<Record<Exclude<OrderedKind, 'integer'>, string>> = {
  timestamp: '1970-01-01 00:00:01',
  datetime: '1000-01-01 00:00:00',
  date: '1000-01-01',
};

/**
 * The text that lies `lookback` seconds (rounded up; whole days for a date, steps for an integer) before a value.
 *
 * Plain calendar arithmetic: a timestamp is in UTC and a wall clock's repeated hour is covered by the length of the
 * lookback, so no zone is needed. The fraction keeps its digits; the result is never below the type's legal minimum.
 */
export function shiftBack(value: CursorValue, lookback: number): string {
  const seconds = Math.min(Math.ceil(lookback), MOST_SECONDS);
  if (value.kind === 'integer') {
    return (BigInt(value.text) - BigInt(seconds)).toString();
  }
  const shifted =
    value.kind === 'date'
      ? subtractDays(value.text, Math.ceil(seconds / DAY_SECONDS))
      : subtractSeconds(value.text, seconds);
  const lowest = LOWEST_LEGAL[value.kind];
  // A year before 0 is printed with a sign, which text order puts before any digit, as it should be.
  return compareTimeTexts(shifted, lowest) < 0 ? lowest : shifted;
}

/** A time of the form `YYYY-MM-DD HH:MM:SS[.ffffff]`, so many seconds earlier. */
export function subtractSeconds(text: string, seconds: number): string {
  const point = text.indexOf('.');
  const fraction = point === -1 ? '' : text.slice(point);
  const shifted = Temporal.PlainDateTime.from(text.slice(0, text.length - fraction.length).replace(' ', 'T')).subtract({
    seconds,
  });
  return shifted.toString({ smallestUnit: 'second' }).replace('T', ' ') + fraction;
}

function subtractDays(text: string, days: number): string {
  return Temporal.PlainDate.from(text).subtract({ days }).toString();
}
