import type { Tally } from './tally.ts';

const COLUMNS = ['package', 'passed', 'failed', 'skipped', 'seconds'] as const;
const NUMBER_WIDTH = 9;

/** A table with a line per package. */
export function renderTable(tallies: readonly Tally[]): string {
  const nameWidth = Math.max(...[...tallies.map((tally) => tally.package), COLUMNS[0]].map((name) => name.length));
  const line = ([name = '', ...numbers]: readonly string[]): string =>
    name.padEnd(nameWidth) + numbers.map((number) => number.padStart(NUMBER_WIDTH)).join('');
  const rows = tallies
    .toSorted((a, b) => a.package.localeCompare(b.package))
    .map((tally) => [
      tally.package,
      `${tally.passed}`,
      `${tally.failed}`,
      `${tally.skipped}`,
      tally.seconds.toFixed(1),
    ]);
  return [COLUMNS, ...rows].map(line).join('\n');
}

/** The names of the failed tests, by package. */
export function describeFailures(tallies: readonly Tally[]): string {
  return tallies.flatMap((tally) => tally.failures.map((failure) => `FAILED ${tally.package}: ${failure}\n`)).join('');
}

/** What machines and hurried people read. */
export function lastLine({ passed, failed, skipped }: Pick<Tally, 'passed' | 'failed' | 'skipped'>): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
