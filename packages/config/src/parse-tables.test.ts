import { describe, expect, test } from 'vitest';

import { parseTables } from './parse-tables.ts';
import { existingFormat } from './testing/existing-format.ts';
import { refusalOf } from './testing/refusal-of.ts';

const parse = (text: string) => parseTables(text, 'tables.yml');
const problemsOf = (text: string): string[] => {
  const error = refusalOf(() => parse(text));
  expect(error.code).toBe('CONFIG_INVALID');
  return error.message.split('\n');
};
const patient = (...lines: string[]): string =>
  ['tables:', '  patient:', ...lines.map((line) => `    ${line}`)].join('\n');
const entryOf = (text: string) => parse(text).tables.get('patient');

describe('the existing format', () => {
  test('loads unchanged and without a warning, 446 tables of it', () => {
    const text = existingFormat(446);
    const file = parse(text);
    expect(file.tables.size).toBe(446);
    expect(file.warnings).toEqual([]);
    expect(file.tables.get('table12')).toMatchObject({
      table: 'table12',
      strategy: 'incremental',
      incrementalColumns: ['Table12Num', 'SecDateTEdit'],
      primaryKey: ['Table12Num'],
      batchRows: 100_000,
      own: { incrementalLogic: 'or' },
      other: { sync_profile: 'append_only', is_modeled: false },
    });
    expect(file.tables.get('table39')).toMatchObject({
      strategy: 'full_table',
      incrementalColumns: [],
      primaryKey: null,
    });
  });

  test.each([
    ['full_table', 'full_table'],
    ['incremental', 'incremental'],
    ['chunked_incremental', 'incremental'],
    ['incremental_chunked', 'incremental'],
    ['digest', 'digest'],
  ])('extraction_strategy %s is %s', (word, strategy) => {
    expect(entryOf(patient(`extraction_strategy: ${word}`))?.strategy).toBe(strategy);
  });

  test.each([
    ['and_logic', 'and'],
    ['or_logic', 'or'],
    ['single_column', null],
    ['none', null],
  ])('incremental_strategy %s gives the logic %s', (word, logic) => {
    expect(entryOf(patient(`incremental_strategy: ${word}`))?.own.incrementalLogic).toBe(logic);
  });

  test('incremental_logic wins over incremental_strategy', () => {
    const text = patient('incremental_strategy: and_logic', 'incremental_logic: or');
    expect(entryOf(text)?.own.incrementalLogic).toBe('or');
  });

  test('null and a missing key are the same', () => {
    const keys = ['table_name', 'extraction_strategy', 'incremental_columns', 'primary_key', 'batch_size', 'lookback'];
    expect(entryOf(patient(...keys.map((key) => `${key}: null`)))).toEqual(entryOf('tables:\n  patient:\n'));
  });

  test('table_name rules over the key', () => {
    expect([...parse('tables:\n  people:\n    table_name: patient\n').tables]).toMatchObject([
      ['patient', { key: 'people', table: 'patient' }],
    ]);
  });

  test('aliases, shared as often as a generator likes, and merge keys are followed', () => {
    const shared = Array.from({ length: 500 }, (_, index) => `  t${index}: { incremental_columns: *stamps }`);
    const file = parse(
      [
        'common: &common',
        '  batch_size: 7',
        '  tags: &stamps [A, B]',
        'tables:',
        '  patient: { <<: *common }',
        ...shared,
      ].join('\n'),
    );
    expect(file.tables.get('patient')?.batchRows).toBe(7);
    expect(file.tables.get('t499')?.incrementalColumns).toEqual(['A', 'B']);
  });

  test('a column listed twice, in whatever case, is one column', () => {
    expect(entryOf(patient('incremental_columns: [B, a, b, A]'))?.incrementalColumns).toEqual(['B', 'a']);
  });

  test.each(['constructor', '__proto__', 'no', 'null', '123', 'tmp.x'])('a table may be called %s', (name) => {
    expect([...parse(`tables:\n  ${name}: {batch_size: 5}`).tables.keys()]).toEqual([name]);
  });
});

describe('our own keys', () => {
  test('are read', () => {
    const text = patient(
      'lookback: { DateTStamp: 10m, AptDateTime: 1 day }',
      'incremental_logic: and',
      'column_quality: skip',
      'deletes: flag',
      'tags: [hourly]',
      'time_column_zone: America/Chicago',
      'digest_every: never',
      'full_table_below_rows: 0',
    );
    expect(entryOf(text)?.own).toEqual({
      lookbackSeconds: { DateTStamp: 600, AptDateTime: 86_400 },
      incrementalLogic: 'and',
      columnQuality: 'skip',
      deletes: 'flag',
      tags: ['hourly'],
      timeColumnZone: 'America/Chicago',
      digestEvery: 'never',
      fullTableBelowRows: 0,
    });
  });

  test('a single lookback stands for every column', () => {
    expect(entryOf(patient('lookback: 2 hours'))?.own.lookbackSeconds).toEqual({ '*': 7200 });
  });

  test('a column called constructor has no lookback by accident', () => {
    expect(entryOf(patient('lookback: 1m'))?.own.lookbackSeconds?.['constructor']).toBeUndefined();
  });

  test('defaults, source and run are read', () => {
    const file = parse(
      [
        'defaults: { deletes: ignore, digest_every: 0 }',
        'source:',
        '  { window: "21:00-06:00", max_rows_per_second: 500, pause_above_threads_running: 20, statement_timeout: 2 min }',
        'run: { jobs: 3, log_level: debug, retries: 0, stall_timeout: 90 s }',
        'keep: { tombstones: 2 weeks, history: forever }',
        'tables: { patient: }',
      ].join('\n'),
    );
    expect(file.keep).toEqual({ tombstones: 1_209_600, history: 'forever' });
    expect(file.defaults).toMatchObject({ deletes: 'ignore', digestEvery: 0, tags: null });
    expect(file.source).toEqual({
      window: { from: 1260, until: 360 },
      maxRowsPerSecond: 500,
      pauseAboveThreadsRunning: 20,
      statementTimeoutSeconds: 120,
    });
    expect(file.run).toEqual({ jobs: 3, logLevel: 'debug', retries: 0, stallSeconds: 90 });
  });

  test('a slip in a key is a warning, because unknown keys are allowed', () => {
    expect(parse(patient('lookbak: 10m', 'batchsize: 1', 'sync_profile: x')).warnings).toEqual([
      'tables.yml:3:5 tables.patient.lookbak: unknown key, ignored; lookback was probably meant',
      'tables.yml:4:5 tables.patient.batchsize: unknown key, ignored; batch_size was probably meant',
    ]);
  });
});

describe('wrong values', () => {
  test.each([
    ['batch_size: many', '3:17 tables.patient.batch_size: expected a whole number above 0, got "many"'],
    ['batch_size: 0', '3:17 tables.patient.batch_size: expected a whole number above 0, got 0'],
    ['batch_size: 1.5', '3:17 tables.patient.batch_size: expected a whole number above 0, got 1.5'],
    ['batch_size: [1]', '3:17 tables.patient.batch_size: expected a whole number above 0, got a list'],
    ['estimated_rows: -1', '3:21 tables.patient.estimated_rows: expected a number, 0 or above, got -1'],
    ['estimated_size_mb: .nan', '3:24 tables.patient.estimated_size_mb: expected a number, 0 or above, got NaN'],
    [
      'extraction_strategy: incrmental',
      '3:26 tables.patient.extraction_strategy: expected one of full_table, incremental, chunked_incremental, incremental_chunked, digest, got "incrmental"',
    ],
    ['incremental_columns: A', '3:26 tables.patient.incremental_columns: expected a list of column names, got "A"'],
    ['incremental_columns: [A, 5]', '3:30 tables.patient.incremental_columns[1]: expected a name, got 5'],
    [
      'primary_key: []',
      '3:18 tables.patient.primary_key: expected a column name or a list of column names, got an empty list',
    ],
    [
      'primary_key: {a: 1}',
      '3:18 tables.patient.primary_key: expected a column name or a list of column names, got a map',
    ],
    [
      'lookback: soon',
      '3:15 tables.patient.lookback: expected a duration such as 10m, 70 min, 1 day or a number of seconds, got "soon"',
    ],
    [
      'lookback: { A: 1m, B: -2m }',
      '3:27 tables.patient.lookback.B: expected a duration such as 10m, 70 min, 1 day or a number of seconds, got "-2m"',
    ],
    [
      'digest_every: weekly',
      '3:19 tables.patient.digest_every: expected a duration such as 1 day, 0 for every run, or never, got "weekly"',
    ],
    [
      'time_column_zone: Chicago',
      '3:23 tables.patient.time_column_zone: expected the name of a time zone, such as America/Chicago, got "Chicago"',
    ],
    ['deletes: keep', '3:14 tables.patient.deletes: expected one of remove, flag, ignore, got "keep"'],
    ['tags: a', '3:11 tables.patient.tags: expected a list of words, got "a"'],
    ['monitoring: 5', '3:17 tables.patient.monitoring: expected a map, got 5'],
    [`table_name: ''`, '3:17 tables.patient.table_name: expected a name, got ""'],
  ])('%s', (line, problem) => {
    expect(problemsOf(patient(line))).toEqual([`tables.yml:${problem}`]);
  });

  test('all are told, in the order of the file', () => {
    const text = `tables:\n  b:\n    batch_size: x\n    deletes: y\n  a: 7\n`;
    expect(problemsOf(text)).toEqual([
      'tables.yml:3:17 tables.b.batch_size: expected a whole number above 0, got "x"',
      'tables.yml:4:14 tables.b.deletes: expected one of remove, flag, ignore, got "y"',
      'tables.yml:5:6 tables.a: expected a map of settings, got 7',
    ]);
  });

  test('no more than twenty lines, and how many are left', () => {
    const tables = Array.from({ length: 33 }, (_, index) => `  t${index}: 1`);
    const problems = problemsOf(['tables:', ...tables].join('\n'));
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toBe('… and 13 more');
  });

  test('a long value is cut', () => {
    expect(problemsOf(patient(`deletes: ${'x'.repeat(500)}`))[0]?.length).toBeLessThan(140);
  });

  test('the place is where the value was written, through alias and merge key', () => {
    const merged = 'a: &a\n  batch_size: x\ntables:\n  t:\n    <<: *a\n';
    expect(problemsOf(merged)).toEqual([
      'tables.yml:2:15 tables.t.batch_size: expected a whole number above 0, got "x"',
    ]);
    const aliased = 'a: &a {batch_size: x}\ntables:\n  t: *a\n';
    expect(problemsOf(aliased)).toEqual([
      'tables.yml:1:20 tables.t.batch_size: expected a whole number above 0, got "x"',
    ]);
  });

  test('two entries for one table', () => {
    expect(problemsOf('tables:\n  patient: {}\n  people: {table_name: patient}\n')).toEqual([
      'tables.yml:3:3 tables.people: patient is already described by tables.patient',
    ]);
  });

  test('a lookback for a column that is not an incremental column', () => {
    expect(
      problemsOf(patient('incremental_columns: [DateTStamp]', 'lookback: { datetstamp: 1m, DateTStmp: 1m }')),
    ).toEqual(['tables.yml:4:33 tables.patient.lookback.DateTStmp: is not one of incremental_columns']);
  });

  test('an unknown key in a section that is ours alone', () => {
    expect(
      problemsOf(
        'defaults: {lookbak: 1m}\nrun: {jobs: 0, retries: -1, stall_timeout: 0}\nsource: {window: "06:00-06:00", max_rows_per_second: 99, statement_timeout: 11 min}\nkeep: {tombstones: some days, histroy: 1d}\ntables: {a: }',
      ),
    ).toEqual([
      expect.stringMatching(/^tables\.yml:1:12 defaults\.lookbak: unknown key; known are lookback, /),
      'tables.yml:2:13 run.jobs: expected a whole number above 0, got 0',
      'tables.yml:2:25 run.retries: expected a whole number, 0 or above, got -1',
      'tables.yml:2:44 run.stall_timeout: expected a duration above 0, such as 90 s or 2 min, got 0',
      'tables.yml:3:18 source.window: expected a span of the day in quotes, such as "21:00-06:00", got "06:00-06:00"',
      'tables.yml:3:54 source.max_rows_per_second: expected a whole number, 100 or above, got 99',
      'tables.yml:3:77 source.statement_timeout: expected a duration above 0, 10 min at most, got "11 min"',
      expect.stringMatching(/^tables\.yml:4:\d+ keep\.tombstones: expected a duration such as 30 days, or forever/),
      'tables.yml:4:31 keep.histroy: unknown key; known are tombstones, history',
    ]);
  });
});

describe('a broken file', () => {
  test.each([
    ['', '1:1 expected a map with the key tables, got nothing'],
    ['OPENDENTAL_SOURCE_PASSWORD=x', '1:1 expected a map with the key tables, got a text'],
    ['- a', '1:1 expected a map with the key tables, got a list'],
    ['metadata: {}', '1:1 tables: expected a map of at least one table, got nothing'],
    ['tables: {}', '1:9 tables: expected a map of at least one table, got a map'],
    ['tables:\n  a: {}\n  a: {}', '3:3 this key is already there above'],
    ['tables:\n  a:\n    batch_size: 1\n    batch_size: 2', '4:5 this key is already there above'],
    ['tables:\n\ta: 1', '2:1 Tabs are not allowed as indentation'],
    ['tables: *nowhere', '1:9 there is no anchor &nowhere'],
    ['tables: {a: }\n---\ntables: {b: }', '2:1 a second document begins here; one file holds one'],
    ['tables: &t\n  <<: *t\n', '1:1 an anchor contains itself'],
    ['tables: {<<: 3}', '1:1 Merge sources must be maps or map aliases'],
  ])('%j', (text, problem) => {
    expect(problemsOf(text)[0]).toBe(`tables.yml:${problem}`);
  });
});
