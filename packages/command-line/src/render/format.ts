import prettyMilliseconds from 'pretty-ms';

/** What stands where there is nothing to say. */
export const NONE = '–';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export function formatCount(count: number): string {
  return whole.format(count);
}

/** `400ms`, `1.2s`, `2m 13s`, `1h 2m`. */
export function formatDuration(ms: number): string {
  return prettyMilliseconds(Math.max(0, Math.round(ms)), { unitCount: 2, secondsDecimalDigits: ms < 10_000 ? 1 : 0 });
}

/** `2026-03-01 21:04:07 UTC`, from ISO 8601 or a database's text in UTC; seconds are enough for people. */
export function formatTime(time: string | null): string {
  return time === null ? NONE : `${toIso(time).slice(0, 19).replace('T', ' ')} UTC`;
}

/** ISO 8601 in UTC, from itself or from a database's `YYYY-MM-DD HH:MM:SS[.ffffff]` in UTC. */
export function toIso(time: string): string {
  return new Date(time.includes('T') ? time : `${time.replace(' ', 'T')}Z`).toISOString();
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
