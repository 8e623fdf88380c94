import { describe, expect, test } from 'vitest';
import { collectLastLines } from './last-lines.ts';
import { parseRequest } from './parse-request.ts';
import { readReport } from './read-report.ts';
import { describeFailures, lastLine, renderTable } from './summary.ts';
import { totalOf } from './tally.ts';

const run = {
  package: '@tidemark/mysql',
  exitCode: 0,
  seconds: 1.5,
  lastLines: ['Error: read ECONNRESET', '  at Socket'],
};

function report(
  ...files: readonly { name: string; status: string; tests: readonly [name: string, status: string][] }[]
) {
  return JSON.stringify({
    testResults: files.map(({ name, status, tests }) => ({
      name,
      status,
      message: 'Cannot find module',
      assertionResults: tests.map(([fullName, testStatus]) => ({
        fullName,
        status: testStatus,
        failureMessages:
          testStatus === 'failed'
            ? ['AssertionError: expected 1 to be 2\n\n    at file:///node_modules/x.js:1\n    at five.test.ts:5']
            : [],
      })),
    })),
  });
}

describe('parseRequest', () => {
  test.each([
    [[], []],
    [['--', '--filter', 'mysql'], ['./*/mysql']],
    [
      ['--filter', 'mysql', '-F', '@tidemark/loader', 'cli'],
      ['./*/mysql', '@tidemark/loader', './*/cli'],
    ],
  ])('reads %j', (args, filters) => {
    expect(parseRequest(args)).toEqual({ task: 'test', filters });
  });

  test('reads --long, also behind what the script says itself', () => {
    expect(parseRequest(['--long', '--', '--filter', 'proofs'])).toEqual({
      task: 'test:long',
      filters: ['./*/proofs'],
    });
  });

  test('refuses what it does not know', () => {
    expect(() => parseRequest(['--filtre', 'mysql'])).toThrow("Unknown option '--filtre'");
  });
});

describe('readReport', () => {
  test('counts the tests of all files', () => {
    const text = report(
      {
        name: 'a',
        status: 'passed',
        tests: [
          ['one', 'passed'],
          ['two', 'skipped'],
          ['three', 'todo'],
        ],
      },
      {
        name: 'b',
        status: 'failed',
        tests: [
          ['four', 'passed'],
          ['five', 'failed'],
        ],
      },
    );
    expect(readReport({ ...run, exitCode: 1 }, text)).toEqual({
      package: '@tidemark/mysql',
      passed: 2,
      failed: 1,
      skipped: 2,
      seconds: 1.5,
      failures: ['five\n    AssertionError: expected 1 to be 2\n        at five.test.ts:5'],
    });
  });

  test('counts a file that could not be run as a failure', () => {
    const text = report({ name: 'broken.test.ts', status: 'failed', tests: [] });
    expect(readReport({ ...run, exitCode: 1 }, text)).toMatchObject({
      failed: 1,
      failures: ['broken.test.ts (could not be run)\n    Cannot find module'],
    });
  });

  test('counts a bad end without a failed test as a failure', () => {
    const text = report({ name: 'a', status: 'passed', tests: [['one', 'passed']] });
    expect(readReport({ ...run, exitCode: 1 }, text)).toMatchObject({
      passed: 1,
      failed: 1,
      failures: ['(ended with exit code 1)\n    Error: read ECONNRESET\n      at Socket'],
    });
    expect(readReport(run, text)).toMatchObject({ passed: 1, failed: 0 });
  });

  test.each([undefined, '', '{"testResults":[{'])('counts the report %j as a failure', (text) => {
    expect(readReport(run, text)).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe('collectLastLines', () => {
  test('keeps the last lines of each package', () => {
    const lastLines = collectLastLines('test');
    for (let line = 1; line <= 40; line += 1) lastLines.add(`\u{1B}[35m@tidemark/mysql:test: \u{1B}[0mline ${line}`);
    lastLines.add('tidemark:test: at test: 1');
    lastLines.add('tidemark:test: ');
    lastLines.add(' Tasks:    15 successful');
    expect(lastLines.of('@tidemark/mysql').at(0)).toBe('line 11');
    expect(lastLines.of('@tidemark/mysql').at(-1)).toBe('line 40');
    expect(lastLines.of('tidemark')).toEqual(['at test: 1']);
    expect(lastLines.of('@tidemark/loader')).toEqual([]);
  });
});

describe('the summary', () => {
  const tallies = [
    { package: 'tidemark', passed: 3, failed: 1, skipped: 0, seconds: 12.34, failures: ['run refuses'] },
    { package: '@tidemark/mysql', passed: 10, failed: 0, skipped: 2, seconds: 1, failures: [] },
  ];

  test('has a line per package', () => {
    expect(renderTable(tallies)).toBe(
      [
        'package           passed   failed  skipped  seconds',
        '@tidemark/mysql       10        0        2      1.0',
        'tidemark               3        1        0     12.3',
      ].join('\n'),
    );
    expect(describeFailures(tallies)).toBe('FAILED tidemark: run refuses\n');
  });

  test('ends with the total', () => {
    expect(lastLine(totalOf(tallies))).toBe('13 passed, 1 failed, 2 skipped');
    expect(lastLine({ passed: 1, failed: 0, skipped: 0 })).toBe('1 passed, 0 failed');
  });
});
