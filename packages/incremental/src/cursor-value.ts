import type { CursorKind } from './types.ts';

/** The kinds that have an order. */
export type OrderedKind = Exclude<CursorKind, 'other'>;

declare const trusted: unique symbol;

/**
 * A value of an incremental column that may serve as a watermark: of the form of its kind, a real point in time
 * between 1900 and 2100 (or an integer), never a sentinel. Made by `parseCursorValue` only.
 */
export interface CursorValue {
  readonly kind: OrderedKind;
  /** The text form of the kind, see `Watermarks`. */
  readonly text: string;
  readonly [trusted]: true;
}

/** Digits that make `12:00:00`, `12:00:00.5` and `12:00:00.500000` comparable as text. */
const FRACTION_LENGTH = '.ffffff'.length;

/**
 * Orders two values of one kind: negative, zero or positive.
 *
 * @throws TypeError when the kinds differ: UTC and wall-clock values are never mixed.
 */
export function compareCursorValues(left: CursorValue, right: CursorValue): number {
  if (left.kind !== right.kind) {
    throw new TypeError(`A ${left.kind} value cannot be compared with a ${right.kind} value.`);
  }
  return left.kind === 'integer' ? compareIntegerTexts(left.text, right.text) : compareTimeTexts(left.text, right.text);
}

/** The higher of two values of one kind. */
export function higherCursorValue(left: CursorValue, right: CursorValue): CursorValue {
  return compareCursorValues(left, right) < 0 ? right : left;
}

/** The lower of two values of one kind. */
export function lowerCursorValue(left: CursorValue, right: CursorValue): CursorValue {
  return compareCursorValues(left, right) > 0 ? right : left;
}

/** Orders two integers written in decimal, of any size; of two non-negative ones the longer is the higher. */
export function compareIntegerTexts(left: string, right: string): number {
  if (left.startsWith('-') || right.startsWith('-')) {
    const difference = BigInt(left) - BigInt(right);
    return difference < 0n ? -1 : Number(difference > 0n);
  }
  return left.length - right.length || compareTexts(left, right);
}

/** Orders two times of one form, whatever their number of fraction digits. */
export function compareTimeTexts(left: string, right: string): number {
  return compareTexts(padFraction(left), padFraction(right));
}

/** Writes a time with six fraction digits; a date is returned as it is. */
export function padFraction(text: string): string {
  const seconds = 'YYYY-MM-DD HH:MM:SS'.length;
  if (text.length < seconds) {
    return text;
  }
  return (text.length === seconds ? `${text}.` : text).padEnd(seconds + FRACTION_LENGTH, '0');
}

function compareTexts(left: string, right: string): number {
  if (left === right) {
    return 0;
  }
  return left < right ? -1 : 1;
}
