import { parseArgs } from 'node:util';

/** What the demo was asked for. */
export interface DemoFlags {
  readonly patients: number;
  readonly seed: number;
  /** Whether the servers stay until Ctrl-C. */
  readonly keep: boolean;
}

export const DEMO_HELP = `The main job of Tidemark on real servers that it starts itself: a synthetic practice, a first run, a day at the clinic, a
second run, and after each run a comparison of every value in all three databases.

USAGE
  $ npx pnpm@12 demo [--patients N] [--seed N] [--keep]

FLAGS
  --patients=N  [default: 2000] How many patients the practice has.
  --seed=N      [default: 1] Another number makes another practice and another day.
  --keep        Leave the servers running until Ctrl-C, and say how to reach them.
  --help        Print this.

ENVIRONMENT
  TIDEMARK_SERVERS  url, container, local, apt or download: forces one way to get the servers. Else the first that works.

Exit code: 0 all equal, 1 not, 2 a flag is wrong. The servers and their folders are gone afterwards.`;

/** Null: help was asked for. @throws Error that says which flag is wrong */
export function readDemoFlags(args: readonly string[]): DemoFlags | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      patients: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const { patients, seed, keep } = values;
  return { patients: wholeNumber('--patients', patients, 1), seed: wholeNumber('--seed', seed, 0), keep };
}

function wholeNumber(flag: string, text: string, least: number): number {
  const number = /^\d{1,7}$/.test(text) ? Number(text) : -1;
  if (number >= least) return number;
  throw new Error(`${flag} is not a whole number from ${least} to 9999999`);
}
