import { hopState, tablesFile } from '@tidemark/command-line/testing';
import { expect, it } from 'vitest';

import { chooseMeasured } from './choose-measured.ts';

const copied = [hopState({ table: 'patient' }), hopState({ table: 'lost', status: 'failed', lastError: 'TABLE_GONE' })];
const tables = ['lost', 'older', 'patient', 'tempconv_x'];

it('leaves out what the source lost, and what tables.yml no longer names', () => {
  const file = tablesFile('tables: {Patient: {}, lost: {}}');
  expect(chooseMeasured({ file, tables, copied })).toEqual({
    measured: ['patient'],
    leftOut: [
      { table: 'lost', why: 'gone_from_source' },
      { table: 'older', why: 'not_in_tables_yml' },
    ],
  });
});

it('takes every table with a record where there is no tables.yml', () => {
  expect(chooseMeasured({ file: null, tables, copied })).toEqual({
    measured: ['older', 'patient'],
    leftOut: [{ table: 'lost', why: 'gone_from_source' }],
  });
});
