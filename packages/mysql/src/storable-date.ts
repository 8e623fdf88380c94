const ZERO = 48;

/** Digits of ASCII bytes at a place, two at a time. */
function twoDigits(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? ZERO) - ZERO) * 10 + ((bytes[at + 1] ?? ZERO) - ZERO);
}

const DAYS_IN_MONTH = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/**
 * Whether PostgreSQL can hold a MySQL date, given as `YYYY-MM-DD…` bytes.
 *
 * `zero`: the whole or a part is zero (`0000-00-00`, `2024-00-15`), which OpenDental uses for "unset".
 * `no`: a day the month does not have, which MySQL stores under ALLOW_INVALID_DATES.
 */
export function isStorableDate(bytes: Uint8Array, at: number): 'yes' | 'zero' | 'no' {
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  const year = twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2);
  if (month === 0 || day === 0 || year === 0) return 'zero';
  if (day <= 28) return 'yes';
  if (day > (DAYS_IN_MONTH[month] ?? 0)) return 'no';
  return day === 29 && month === 2 && !isLeapYear(year) ? 'no' : 'yes';
}
