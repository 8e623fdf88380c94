import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

interface Source {
  readonly path: string;
  readonly text: string;
}

/** What is shipped: no tests, and nothing that only they use. */
const SOURCES: readonly Source[] = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^[^/]+\/src\/.*\.ts$/.test(path) && !/\.test\.ts$|\/testing\//.test(path))
    .map((path) => ({ path: `${folder}/${path}`, text: readFileSync(`${ROOT}${folder}/${path}`, 'utf8') })),
);

/** `path: line` of every line of code that matches. */
function linesWith(pattern: RegExp): string[] {
  return SOURCES.flatMap(({ path, text }) => text.split('\n').map((line) => `${path}: ${line.trim()}`)).filter(
    (line) => pattern.test(line) && !/: (?:\/\/|\/?\*)/.test(line),
  );
}

/**
 * Where words of an error may be looked at: to classify it, or because they are ours, the yaml library's or oclif's.
 * Nothing of a driver's error but its codes, and the name of a column, may go on from there.
 */
const MAY_READ_WORDS = new Set([
  'packages/errors/src/classify-driver-error.ts',
  'packages/errors/src/refused-column.ts',
  'packages/errors/src/tidemark-error.ts',
  'packages/tracking/src/classify-tracking-error.ts',
  'packages/tracking/src/transport-security.ts',
  'packages/config/src/parse-tables.ts',
  'apps/cli/src/init/read-evidence.ts',
  'apps/cli/src/transform/record-run-results.ts',
  'packages/loader/src/count-repeated-keys.ts',
  'packages/loader/src/survey-raw.ts',
  'packages/config/src/yaml-document.ts',
  'packages/command-line/src/program/failure.ts',
  'packages/command-line/src/program/tell-failure.ts',
  'packages/command-line/src/run/log-run.ts',
  'packages/command-line/src/run/render-run.ts',
  'packages/replicator/src/plan-table.ts',
  'apps/cli/src/verify/render-verify.ts',
  'apps/cli/src/doctor/check-coverage.ts',
  'apps/backfill/src/records/find-tables.ts',
]);

function strangersWith(pattern: RegExp, allowed: ReadonlySet<string>): string[] {
  return linesWith(pattern).filter((line) => !allowed.has(line.slice(0, line.indexOf(':'))));
}

describe('of an error that a driver throws, nothing but its codes is told', () => {
  test('its words are looked at in few places', () => {
    expect(SOURCES.length).toBeGreaterThan(200);
    expect(
      strangersWith(
        /\.(?:message|stack|sqlMessage|detail|driverError)\b|\b(?:message|stack)\b[^}]*\}\s*(?:=\s*error|:\s*Error)\b/,
        MAY_READ_WORDS,
      ),
    ).toEqual([]);
  });

  test('it is not put into a text', () => {
    const pattern =
      /\$\{(?:error|thrown|cause|err|e)\}|\b(?:String|inspect|format|JSON\.stringify)\((?:error|thrown|cause|err|e)\b/;
    expect(strangersWith(pattern, new Set(['packages/config/src/yaml-document.ts']))).toEqual([]);
  });

  test('it is not handed on within another error', () => {
    expect(linesWith(/\bcause\b\s*[:,}]|\bnew (?:Aggregate|Suppressed)Error\(/)).toEqual([]);
  });

  test('it is logged by its code: no line of the log is given an error', () => {
    expect(linesWith(/\blog(?:ger)?(?:\.\w+|\[\w+\])\((?:error|err|thrown|\{[^}]*\b(?:err|error)\b)/)).toEqual([]);
  });
});

test('what is printed goes through few places', () => {
  const printers = new Set([
    'packages/command-line/src/program/listen-for-lost-output.ts',
    'packages/command-line/src/program/tell-failure.ts',
    'packages/command-line/src/logging/open-stderr.ts',
    'packages/command-line/src/run/live-progress.ts',
  ]);
  expect(
    strangersWith(
      /\bconsole\b|process\.(?:std(?:out|err)\.write|emitWarning|report)\b|= process\.std|\bdebuglog\b/,
      printers,
    ),
  ).toEqual([]);
});

// silent-logger.ts
test('no driver is told to log', () => {
  const drivers = /^packages\/(?:mysql|tracking|loader|replicator)\//;
  const told = linesWith(/\b(?:debug|trace|logging|logger|log|logNotifications|maxQueryExecutionTime)\s*:/);
  expect(told.filter((line) => drivers.test(line))).toEqual([
    'packages/tracking/src/open-data-source.ts: logging: false,',
    'packages/tracking/src/open-data-source.ts: logger: silentLogger,',
  ]);
});
