import { Temporal } from 'temporal-polyfill';

import type { CursorValue, OrderedKind } from './cursor-value.ts';

const TIME_FORM = /^(\d{4})-(\d{2})-(\d{2}) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?$/;
const DATE_FORM = /^(\d{4})-(\d{2})-(\d{2})$/;
const INTEGER_FORM = /^-?\d+$/;

const FIRST_YEAR = 1900;
const LAST_YEAR = 2100;

/**
 * Reads a text as a value that may serve as a watermark; null when it is not one: another form, a sentinel or a date
 * with a zero part, a year outside 1900 to 2100.
 *
 * A day the month does not have (`02-31`, which a server in ALLOW_INVALID_DATES holds) becomes the month's last day: a
 * bound must be legal in every sql_mode, and a lower watermark reads more, never less.
 */
export function parseCursorValue(kind: OrderedKind, text: string): CursorValue | null {
  if (kind === 'integer') {
    return INTEGER_FORM.test(text) ? trust(kind, BigInt(text).toString()) : null;
  }
  const parts = (kind === 'date' ? DATE_FORM : TIME_FORM).exec(text);
  if (parts === null) {
    return null;
  }
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1 || day > 31) {
    return null;
  }
  const date = Temporal.PlainDate.from({ year, month, day }, { overflow: 'constrain' }).toString();
  return trust(kind, date + text.slice(date.length));
}

/**
 * The lowest trustworthy value of a kind: a range from it selects every value a watermark could ever follow.
 *
 * A TIMESTAMP begins in 1970: a comparison with an earlier time is out of its range.
 */
export function lowestCursorValue(kind: OrderedKind): CursorValue {
  return trust(kind, LOWEST[kind]);
}

const LOWEST: Readonly<Record<OrderedKind, string>> = {
  timestamp: '1970-01-01 00:00:01',
  datetime: '1900-01-01 00:00:00',
  date: '1900-01-01',
  integer: '-9223372036854775808',
};

/** The only place that vouches for a text. */
function trust(kind: OrderedKind, text: string): CursorValue {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the brand exists in the type only
  return { kind, text } as CursorValue;
}
