import { TRACKING_TABLES } from '@tidemark/tracking';
import { describe, expect, test } from 'vitest';

import { parseTables } from './parse-tables.ts';
import { resolveTables } from './resolve-tables.ts';

const fileOf = (...names: string[]) =>
  parseTables(`tables:\n${names.map((name) => `  ${name}: {}\n`).join('')}`, 'tables.yml');

describe('without a file', () => {
  test('every table of the source but temporary ones and our own', () => {
    const sourceTables = [
      'patient',
      'template',
      'temperature_log',
      'tempConv_procedurelog81237',
      'tempconv_x',
      'temppatient_bak_20240101',
      'tmpreport',
      'TMP_x',
      'attempt',
      ...Object.values(TRACKING_TABLES),
      'etl_copy_status_2019',
    ];
    const { tables, skipped } = resolveTables({ file: null, sourceTables });
    expect(tables).toEqual(['patient', 'template', 'temperature_log', 'attempt', 'etl_copy_status_2019']);
    expect(Object.groupBy(skipped, ({ reason }) => reason)).toMatchObject({
      temporary_table: [
        { table: 'tempConv_procedurelog81237' },
        { table: 'tempconv_x' },
        { table: 'temppatient_bak_20240101' },
        { table: 'tmpreport' },
        { table: 'TMP_x' },
      ],
      tracking_table: Object.values(TRACKING_TABLES).map((table) => ({ table })),
    });
  });
});

describe('with a file', () => {
  test('its tables, in its order; others of the source are not synced', () => {
    expect(
      resolveTables({
        file: fileOf('procedurelog', 'adjustment'),
        sourceTables: ['adjustment', 'claim', 'procedurelog'],
      }),
    ).toEqual({
      tables: ['procedurelog', 'adjustment'],
      skipped: [],
    });
  });

  test('what is not in the source, or temporary, is said', () => {
    expect(resolveTables({ file: fileOf('gone', 'tmpx', 'patient'), sourceTables: ['patient', 'tmpx'] })).toEqual({
      tables: ['patient'],
      skipped: [
        { table: 'gone', reason: 'absent_in_source' },
        { table: 'tmpx', reason: 'temporary_table' },
      ],
    });
  });

  test('the source spells the name; an exact name comes first', () => {
    expect(resolveTables({ file: fileOf('ProcedureLog'), sourceTables: ['procedurelog'] }).tables).toEqual([
      'procedurelog',
    ]);
    expect(resolveTables({ file: fileOf('Patient'), sourceTables: ['patient', 'Patient'] }).tables).toEqual([
      'Patient',
    ]);
    expect(resolveTables({ file: fileOf('PATIENT'), sourceTables: ['patient', 'Patient'] }).skipped).toEqual([
      { table: 'PATIENT', reason: 'ambiguous_name' },
    ]);
  });

  test.each([
    ['Patient', 'patient'],
    ['patient', 'Patient'],
  ])('no table is synced twice (%s, %s)', (...names) => {
    expect(resolveTables({ file: fileOf(...names), sourceTables: ['patient'] })).toEqual({
      tables: ['patient'],
      skipped: [{ table: 'Patient', reason: 'described_twice' }],
    });
    expect(resolveTables({ file: fileOf(...names), sourceTables: ['PATIENT'] }).tables).toEqual(['PATIENT']);
  });
});
