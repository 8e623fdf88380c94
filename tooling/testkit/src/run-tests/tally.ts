/** What came of the tests of one package. */
export interface Tally {
  readonly package: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  /** What failed, by name, and below it what it said. */
  readonly failures: readonly string[];
}

/** One package's test script, as turbo ran it. */
export interface PackageRun {
  readonly package: string;
  readonly exitCode: number;
  readonly seconds: number;
  /** The last lines that it printed. */
  readonly lastLines: readonly string[];
}

export function totalOf(tallies: readonly Tally[]): Pick<Tally, 'passed' | 'failed' | 'skipped'> {
  const sum = (of: 'passed' | 'failed' | 'skipped'): number => tallies.reduce((total, tally) => total + tally[of], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}
