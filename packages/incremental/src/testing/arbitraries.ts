import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';

import type { CursorValue, OrderedKind } from '../cursor-value.ts';
import { parseCursorValue } from '../parse-cursor-value.ts';

const FIRST = Temporal.Instant.from('1900-01-01T00:00:00Z').epochMilliseconds;
const LAST = Temporal.Instant.from('2100-12-31T23:59:59Z').epochMilliseconds;
const EPOCH_START = 1000;

export const orderedKind = fc.constantFrom<OrderedKind>('timestamp', 'datetime', 'date', 'integer');

/** `YYYY-MM-DD HH:MM:SS` and so many fraction digits of the time so many milliseconds after 1970. */
export function timeText(milliseconds: number, fractionDigits: number): string {
  const text = Temporal.Instant.fromEpochMilliseconds(milliseconds).toString({ fractionalSecondDigits: 6 });
  const end = 'YYYY-MM-DD HH:MM:SS'.length;
  return text.slice(0, fractionDigits === 0 ? end : end + 1 + fractionDigits).replace('T', ' ');
}

/** The text of a trustworthy value of this kind. */
export function cursorText(kind: OrderedKind): fc.Arbitrary<string> {
  if (kind === 'integer') {
    return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }).map(String);
  }
  // Half of the times lie within minutes of each other, where a slip of a second shows.
  const milliseconds = fc.oneof(
    fc.integer({ min: kind === 'timestamp' ? EPOCH_START : FIRST, max: LAST }),
    fc.integer({ min: 0, max: 3 * 86_400_000 }).map((later) => 1_710_000_000_000 + later),
  );
  return kind === 'date'
    ? milliseconds.map((time) => timeText(time, 0).slice(0, 10))
    : fc.tuple(milliseconds, fc.integer({ min: 0, max: 6 })).map(([time, digits]) => timeText(time, digits));
}

export function cursorValue(kind: OrderedKind): fc.Arbitrary<CursorValue> {
  return cursorText(kind).map((text) => {
    const value = parseCursorValue(kind, text);
    if (value === null) {
      throw new Error(`not a cursor value: ${text}`);
    }
    return value;
  });
}

/** A number that orders values of one kind: an oracle that shares nothing with the code under test. */
export function magnitude(kind: OrderedKind, text: string): bigint {
  if (kind === 'integer') {
    return BigInt(text);
  }
  const [date = '', time = '00:00:00'] = text.split(' ');
  return Temporal.Instant.from(`${date}T${time}Z`).epochNanoseconds;
}
