import { parseDuration } from '@tidemark/config';
import { TidemarkError } from '@tidemark/errors';
import type { Scope } from '@tidemark/verifier';

/** `2026-03-01`, with a time behind it or not, with a zone behind that or not. */
const TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** What `--sample` and `--since` ask for. @throws TidemarkError CONFIG_INVALID */
export function parseScope(
  flags: { readonly sample: string | undefined; readonly since: string | undefined },
  now: number,
): Scope {
  if (flags.sample !== undefined) return parseSample(flags.sample);
  return flags.since === undefined ? { kind: 'full' } : { kind: 'since', utc: parseSince(flags.since, now) };
}

function parseSample(text: string): Scope {
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim());
  const amount = Number(match?.[1] ?? 0);
  const isShare = match?.[2] === '%';
  if (amount <= 0 || (isShare && amount > 100)) {
    throw wrong('--sample', 'Give a share such as 5%, or a number of rows such as 10000.');
  }
  return isShare ? { kind: 'sample', share: amount / 100 } : { kind: 'sample', rows: Math.ceil(amount) };
}

/** The time in UTC, as databases write it. */
function parseSince(text: string, now: number): string {
  const ago = parseDuration(text.trim());
  const at = ago === null ? parseTime(text.trim()) : now - ago * 1000;
  if (at === null)
    throw wrong('--since', 'Give a time such as 2026-03-01 or 2026-03-01T21:00:00Z, or an age such as 2h or 7 days.');
  if (at > now) {
    throw new TidemarkError('CONFIG_INVALID', {
      message: '--since: this time has not come yet, so no row is stamped at it',
      hint: 'Give a time that has passed. A time without a zone is UTC.',
    });
  }
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

function parseTime(text: string): number | null {
  if (!TIME.test(text)) return null;
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/.test(text.slice(10));
  const iso = text.length === 10 ? `${text}T00:00:00` : text.replace(' ', 'T');
  const at = Date.parse(hasZone ? iso : `${iso}Z`);
  return Number.isNaN(at) || !isInCalendar(text.slice(0, 10)) ? null : at;
}

/** `Date` takes 31 February for 3 March, and so rows of March would be left out without a word. */
function isInCalendar(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

function wrong(flag: string, hint: string): TidemarkError {
  return new TidemarkError('CONFIG_INVALID', { message: `${flag}: not a value that can be read`, hint });
}
