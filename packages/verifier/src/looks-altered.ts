import { canonicalDecimal } from './canonical-decimal.ts';
import type { Value, ValueKind } from './same-value.ts';

const REPLACED = /[?\uFFFD]/;
const QUARTER_HOUR_MS = 900_000;
const LONGEST_SHIFT_MS = 14 * 3_600_000;
/** FLOAT printed as text has six digits. */
const SIX_DIGITS = 1e-5;

/**
 * Whether a value looks as though it had been damaged on its way rather than edited: cut, trimmed, rounded, shifted by a
 * time zone, in another charset. A guess by its shape, for the cause that is told and nothing else.
 */
export function looksAltered(kind: ValueKind, wanted: Value, found: Value): boolean {
  const [was, is] = [wanted?.toString('utf8') ?? null, found?.toString('utf8') ?? null];
  if (was === null || is === null) return was === '' || is === '' || was?.startsWith('0001-01-01') === true;
  switch (kind) {
    case 'number':
    case 'double':
      return isRounded(was, is);
    case 'moment':
      return isShifted(was, is);
    case 'bytes':
      return isCut(was, is) || isInAnotherCharset(was, is);
    case 'hex':
    case 'interval':
      return isCut(was, is);
    case 'json':
      return false;
    default:
      return kind satisfies never;
  }
}

function isRounded(was: string, is: string): boolean {
  const [before, after] = [canonicalDecimal(was), canonicalDecimal(is)];
  if (before === null || after === null || after.length >= before.length) return false;
  const [exact, rounded] = [Number(was), Number(is)];
  return rounded === Math.trunc(exact) || Math.abs(exact - rounded) <= Math.abs(exact) * SIX_DIGITS;
}

function isShifted(was: string, is: string): boolean {
  if (isCut(was, is) || is === `${was.slice(0, 10)} 00:00:00`) return true;
  const [before, after] = [was, is].map((text) => Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`));
  const shift = Math.abs((before ?? Number.NaN) - (after ?? Number.NaN));
  return shift > 0 && shift <= LONGEST_SHIFT_MS && shift % QUARTER_HOUR_MS === 0;
}

function isCut(was: string, is: string): boolean {
  return is.length > 0 && is.length < was.length && (was.startsWith(is) || was.trim() === is);
}

function isInAnotherCharset(was: string, is: string): boolean {
  if (Buffer.from(was, 'utf8').toString('latin1') === is) return true;
  const [before, after] = [Array.from(was), Array.from(is)];
  if (before.length !== after.length) return false;
  return before.every((letter, place) => letter === after[place] || REPLACED.test(after[place] ?? ''));
}
