/** A hundred years: behind every row, and still a number that dates can be reckoned with. */
const LONGEST_SECONDS = 100 * 366 * 86_400;

/** Largest first; the first two words are the ones written. No months and years: they have no fixed length. */
const UNITS: readonly {
  readonly seconds: number;
  readonly words: readonly [one: string, many: string, ...string[]];
}[] = [
  { seconds: 604_800, words: ['week', 'weeks', 'w'] },
  { seconds: 86_400, words: ['day', 'days', 'd'] },
  { seconds: 3_600, words: ['hour', 'hours', 'hr', 'hrs', 'h'] },
  { seconds: 60, words: ['min', 'min', 'mins', 'minute', 'minutes', 'm'] },
  { seconds: 1, words: ['s', 's', 'sec', 'secs', 'second', 'seconds', ''] },
];

/**
 * Seconds of a duration as written in a setting: `10m`, `70 min`, `1 day`, or a number of seconds.
 *
 * Parts of a second count as a whole one, because a lookback or interval must not become shorter than asked for.
 *
 * @returns null when it is not a duration from 0 to 100 years
 */
export function parseDuration(value: unknown): number | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const seconds = typeof value === 'number' ? value : secondsOfText(value);
  return seconds >= 0 && seconds <= LONGEST_SECONDS ? Math.ceil(seconds) : null;
}

function secondsOfText(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(text.trim().toLowerCase());
  const unit = UNITS.find(({ words }) => match?.[2] !== undefined && words.includes(match[2]));
  return match && unit ? Number(match[1]) * unit.seconds : Number.NaN;
}

/** A whole number of seconds as people write it, read back by `parseDuration` to the same: `1 day`, `70 min`, `45 s`. */
export function renderDuration(seconds: number): string {
  const unit = seconds === 0 ? undefined : UNITS.find((each) => seconds % each.seconds === 0);
  if (!unit) return `${seconds} s`;
  const amount = seconds / unit.seconds;
  return `${amount} ${amount === 1 ? unit.words[0] : unit.words[1]}`;
}
