import { describe, expect, test } from 'vitest';

import { parseTables } from './parse-tables.ts';
import { tableSettings, toPlanSettings } from './table-settings.ts';

const parse = (...lines: string[]) => parseTables(lines.join('\n'), 'tables.yml');

const NOTHING_GIVEN = {
  strategy: null,
  incrementalColumns: null,
  primaryKey: null,
  batchRows: null,
  incrementalLogic: 'or',
  columnQuality: 'keep',
  lookbackSeconds: {},
  deletes: 'remove',
  tags: [],
  digestEverySeconds: 86_400,
  fullTableBelowRows: 5000,
  timeColumnZone: null,
};

test('without a file, or without an entry, the defaults', () => {
  expect(tableSettings(null, 'patient')).toEqual({ table: 'patient', ...NOTHING_GIVEN });
  expect(tableSettings(parse('tables: {patient: }'), 'patient')).toEqual({ table: 'patient', ...NOTHING_GIVEN });
  expect(tableSettings(parse('tables: {patient: }'), 'claim')).toEqual({ table: 'claim', ...NOTHING_GIVEN });
});

test('the table wins over defaults:, which wins over the default', () => {
  const file = parse(
    'defaults:',
    '  incremental_logic: and',
    '  column_quality: skip',
    '  deletes: ignore',
    '  tags: [a]',
    '  time_column_zone: UTC',
    '  digest_every: never',
    '  full_table_below_rows: 9',
    'tables:',
    '  patient:',
    '  claim:',
    '    incremental_logic: or',
    '    column_quality: keep',
    '    deletes: flag',
    '    tags: []',
    '    time_column_zone: America/Chicago',
    '    digest_every: 0',
    '    full_table_below_rows: 0',
  );
  expect(tableSettings(file, 'patient')).toEqual({
    ...NOTHING_GIVEN,
    table: 'patient',
    incrementalLogic: 'and',
    columnQuality: 'skip',
    deletes: 'ignore',
    tags: ['a'],
    timeColumnZone: 'UTC',
    digestEverySeconds: null,
    fullTableBelowRows: 9,
  });
  expect(tableSettings(file, 'claim')).toEqual({
    ...NOTHING_GIVEN,
    table: 'claim',
    deletes: 'flag',
    timeColumnZone: 'America/Chicago',
    digestEverySeconds: 0,
    fullTableBelowRows: 0,
  });
});

test('or_logic of a table wins over incremental_logic of defaults:', () => {
  const file = parse('defaults: {incremental_logic: and}', 'tables: {patient: {incremental_strategy: or_logic}}');
  expect(tableSettings(file, 'patient').incrementalLogic).toBe('or');
});

test('the table is found as the source spells it', () => {
  expect(tableSettings(parse('tables: {ProcedureLog: {batch_size: 7}}'), 'procedurelog')).toMatchObject({
    table: 'procedurelog',
    batchRows: 7,
  });
});

describe('lookback', () => {
  const lookback = (shared: string, own: string) =>
    tableSettings(parse(`defaults: {lookback: ${shared}}`, `tables: {patient: {lookback: ${own}}}`), 'patient')
      .lookbackSeconds;

  test.each([
    ['1m', 'null', { '*': 60 }],
    ['1m', '{A: 2m}', { '*': 60, A: 120 }],
    ['{A: 1m, B: 3m}', '{A: 2m}', { A: 120, B: 180 }],
    ['{A: 1m}', '{a: 2m}', { a: 120 }],
    ['{A: 1m}', '2m', { '*': 120 }],
  ])('defaults %s, table %s', (shared, own, seconds) => {
    expect(lookback(shared, own)).toEqual(seconds);
  });

  test('has no prototype', () => {
    expect(lookback('1m', 'null')['constructor']).toBeUndefined();
  });
});

test('toPlanSettings keeps what decides the reading', () => {
  const settings = tableSettings(
    parse('tables: {patient: {extraction_strategy: digest, incremental_columns: []}}'),
    'patient',
  );
  expect(toPlanSettings(settings)).toEqual({
    strategy: 'digest',
    incrementalColumns: [],
    incrementalLogic: 'or',
    columnQuality: 'keep',
    lookbackSeconds: {},
    fullTableBelowRows: 5000,
  });
});
