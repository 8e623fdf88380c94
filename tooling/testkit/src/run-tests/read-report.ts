import { stripVTControlCharacters } from 'node:util';

import type { PackageRun, Tally } from './tally.ts';

/** What is read of vitest's JSON report. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    /** What kept the file from being run. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Lines that are shown of what a failure says, those of libraries left out: the whole of it stands further up. */
const SHOWN_LINES = 12;

/**
 * Counts the tests of a package. A test file that could not be loaded, a script that ended badly without a failed
 * test (an unhandled error, a crash), and a missing report count as one failure each: nothing fails unseen.
 */
export function readReport(run: PackageRun, text: string | undefined): Tally {
  const report = text === undefined ? undefined : parse(text);
  const tests = (report?.testResults ?? []).flatMap((file) => file.assertionResults);
  const failures = [
    ...tests
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => describe(fullName, firstLines(failureMessages.join('\n')))),
    ...(report?.testResults ?? [])
      .filter(isBrokenFile)
      .map(({ name, message }) => describe(`${name} (could not be run)`, firstLines(message))),
  ];
  if (!report) failures.push(describe('(no report: the tests crashed, or did not start)', run.lastLines));
  else if (run.exitCode !== 0 && failures.length === 0) {
    failures.push(describe(`(ended with exit code ${run.exitCode})`, run.lastLines));
  }
  return {
    package: run.package,
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: failures.length,
    skipped: tests.filter(({ status }) => status !== 'passed' && status !== 'failed').length,
    seconds: run.seconds,
    failures,
  };
}

function describe(what: string, said: readonly string[]): string {
  return [what, ...said.map((line) => `    ${line}`)].join('\n');
}

function firstLines(text: string): string[] {
  return stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at .*(?:node_modules|node:)/.test(line))
    .slice(0, SHOWN_LINES);
}

function isBrokenFile(file: Report['testResults'][number]): boolean {
  return file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed');
}

function parse(text: string): Report | undefined {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The process died while writing it: no report.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
