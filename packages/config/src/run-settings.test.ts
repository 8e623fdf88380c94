import { describe, expect, test } from 'vitest';

import type { Environment } from './environment.ts';
import { parseTables } from './parse-tables.ts';
import { readRunSettings, type RunFlags } from './run-settings.ts';
import { refusalOf } from './testing/refusal-of.ts';

type Variables = Readonly<Record<string, string>>;

function environmentOf(process: Variables, file: Variables): Environment {
  return {
    layers: [
      { origin: 'environment', values: process },
      { origin: '.env', values: file },
    ],
  };
}

const TABLES = parseTables('run: {jobs: 4, log_level: warn}\ntables: {a: }', 'tables.yml');

describe('the strongest wins and is named', () => {
  const jobs = (flags: RunFlags, process: Variables, env: Variables, file: typeof TABLES | null) =>
    readRunSettings(environmentOf(process, env), flags, file).jobs;

  test.each([
    ['flag', { jobs: 7 }, { TIDEMARK_JOBS: '6' }, { TIDEMARK_JOBS: '5' }, TABLES, 7],
    ['environment', {}, { TIDEMARK_JOBS: '6' }, { TIDEMARK_JOBS: '5' }, TABLES, 6],
    ['.env', {}, { TIDEMARK_JOBS: '' }, { TIDEMARK_JOBS: '5' }, TABLES, 5],
    ['tables.yml', {}, {}, {}, TABLES, 4],
    ['default', {}, {}, {}, null, 2],
  ] as const)('%s', (...row) => {
    const [from, flags, process, env, file, value] = row;
    expect(jobs(flags, process, env, file)).toEqual({ value, from });
  });

  test('for every setting', () => {
    expect(readRunSettings(environmentOf({}, {}), {})).toEqual({
      tables: { value: 'tables.yml', from: 'default' },
      jobs: { value: 2, from: 'default' },
      logLevel: { value: 'info', from: 'default' },
      retries: { value: 3, from: 'default' },
      stallSeconds: { value: 120, from: 'default' },
    });
    const variables = {
      TIDEMARK_TABLES: 'clinic.yml',
      TIDEMARK_LOG_LEVEL: 'DEBUG',
      TIDEMARK_RETRIES: '0',
      TIDEMARK_STALL_TIMEOUT: '1.5 min',
    };
    expect(readRunSettings(environmentOf(variables, {}), { tables: 'other.yml' }, TABLES)).toMatchObject({
      tables: { value: 'other.yml', from: 'flag' },
      logLevel: { value: 'debug', from: 'environment' },
      retries: { value: 0, from: 'environment' },
      stallSeconds: { value: 90, from: 'environment' },
    });
  });
});

test('all wrong values are told, by the name of who gave them', () => {
  const variables = { TIDEMARK_JOBS: 'many', TIDEMARK_LOG_LEVEL: 'loud', TIDEMARK_STALL_TIMEOUT: '0' };
  expect(refusalOf(() => readRunSettings(environmentOf(variables, {}), {}))).toMatchObject({
    code: 'CONFIG_INVALID',
    message:
      'TIDEMARK_JOBS: expected a whole number above 0\nTIDEMARK_LOG_LEVEL: expected one of fatal, error, warn, info, debug, trace, silent\nTIDEMARK_STALL_TIMEOUT: expected a duration above 0, such as 90 s or 2 min',
  });
  expect(
    refusalOf(() => {
      readRunSettings(environmentOf({}, {}), { jobs: 0, logLevel: 'info', tables: '', retries: -1 });
    }).message,
  ).toBe(
    '--tables: expected a path\n--jobs: expected a whole number above 0\n--retries: expected a whole number, 0 or above',
  );
});

test('a wrong value is not told when a stronger one wins', () => {
  expect(readRunSettings(environmentOf({ TIDEMARK_JOBS: 'many' }, {}), { jobs: '3' }).jobs.value).toBe(3);
});
