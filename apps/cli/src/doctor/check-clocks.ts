import { formatDuration } from '@tidemark/command-line/render';

import { findingsOf, type Finding } from './finding.ts';

const find = findingsOf('clocks');

/** Differences below this come from the way there and back as much as from the clocks. */
const WORTH_A_WARNING_MS = 5_000;

export interface ClockReading {
  readonly name: string;
  /** Milliseconds that this clock is ahead of this machine's. */
  readonly aheadMs: number;
}

/**
 * Reads a server's clock and sets it against this machine's, taken in the middle of the question.
 *
 * @param readUtc `YYYY-MM-DD HH:MM:SS[.ffffff]` in UTC
 */
export async function readAhead(name: string, readUtc: () => Promise<string>): Promise<ClockReading> {
  const asked = Date.now();
  const utc = await readUtc();
  const middle = (asked + Date.now()) / 2;
  return { name, aheadMs: Date.parse(`${utc.slice(0, 23).replace(' ', 'T')}Z`) - middle };
}

/**
 * How the clocks differ from the source's. Watermarks follow the source's clock alone, so a difference loses no row; it
 * makes times in `status` and lags wrong.
 */
export function checkClocks(readings: readonly ClockReading[]): Finding[] {
  const source = readings.find(({ name }) => name === 'source');
  if (!source) return [];
  const others = [...readings.filter((reading) => reading !== source), { name: 'this machine', aheadMs: 0 }];
  return others.map(({ name, aheadMs }) => {
    const difference = aheadMs - source.aheadMs;
    if (Math.abs(difference) < 1_000) return find.ok(name, `${name} and source agree to the second`);
    const words = `${name} is ${formatDuration(Math.abs(difference))} ${difference > 0 ? 'ahead of' : 'behind'} the source`;
    if (Math.abs(difference) <= WORTH_A_WARNING_MS) return find.info(name, words);
    return find.warning(
      name,
      `${words}: no row is lost by it, but times and lags are shown wrong by as much`,
      'Let all servers keep time by NTP.',
    );
  });
}
