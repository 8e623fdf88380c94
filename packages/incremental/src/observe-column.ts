import { compareIntegerTexts, padFraction } from './cursor-value.ts';
import { parseCursorValue } from './parse-cursor-value.ts';
import type { ColumnObservation, PlanColumn, SnapshotTime } from './types.ts';

/** Looks at the values of one column as the rows go by. */
export interface ColumnObserver {
  /** Takes the value of one row, as the server prints it. */
  observe(value: string | null): void;
  /** What was seen so far. */
  result(): ColumnObservation;
}

const DATE_LENGTH = 'YYYY-MM-DD'.length;
const SECOND_LENGTH = 'YYYY-MM-DD HH:MM:SS'.length;
const ZERO = 48;
const SPACE = 32;

/**
 * Observes one incremental column during a run (or, as an integer column, the key for `advanceHighestKey`).
 *
 * It is called for every row of a read, so a value costs a few text comparisons: times of one form order as text.
 *
 * @throws TypeError for a column whose kind has no order.
 */
export function observeColumn(column: PlanColumn, snapshot: SnapshotTime): ColumnObserver {
  if (column.kind === 'other') {
    throw new TypeError(`The column ${column.name} has no order to observe.`);
  }
  if (column.kind === 'integer') {
    return observeIntegers(column.name);
  }
  const now = padFraction(column.kind === 'timestamp' ? snapshot.utc : snapshot.wall);
  return observeTimes(column.name, column.kind === 'date' ? now.slice(0, DATE_LENGTH) : now);
}

function observeTimes(column: string, now: string): ColumnObserver {
  const isDate = now.length === DATE_LENGTH;
  const seen = { values: 0, nulls: 0, sentinels: 0, outOfRange: 0, future: 0 };
  let highest: string | null = null;
  return {
    observe(value) {
      seen.values += 1;
      if (value === null) {
        seen.nulls += 1;
      } else if (isSentinel(value)) {
        seen.sentinels += 1;
      } else if (value < '1900' || value >= '2101' || !(isDate ? value.length === DATE_LENGTH : isTime(value))) {
        seen.outOfRange += 1;
      } else if (value > now) {
        seen.future += 1;
      } else if (highest === null || value > highest) {
        highest = value;
      }
    },
    result: () => ({ column, ...seen, highest }),
  };
}

function observeIntegers(column: string): ColumnObserver {
  let values = 0;
  let nulls = 0;
  let highest: string | null = null;
  return {
    observe(value) {
      values += 1;
      if (value === null) {
        nulls += 1;
      } else if (highest === null || compareIntegerTexts(value, highest) > 0) {
        highest = value;
      }
    },
    result: () => ({
      column,
      values,
      nulls,
      sentinels: 0,
      outOfRange: 0,
      future: 0,
      // A ZEROFILL column is printed with leading zeros.
      highest: highest === null ? null : (parseCursorValue('integer', highest)?.text ?? null),
    }),
  };
}

/** `0001-01-01` at whatever hour, and any date with a zero part. */
function isSentinel(value: string): boolean {
  return (
    value.startsWith('0000') ||
    value.startsWith('0001-01-01') ||
    (value.charCodeAt(5) === ZERO && value.charCodeAt(6) === ZERO) ||
    (value.charCodeAt(8) === ZERO && value.charCodeAt(9) === ZERO)
  );
}

function isTime(value: string): boolean {
  return value.length >= SECOND_LENGTH && value.charCodeAt(DATE_LENGTH) === SPACE;
}
