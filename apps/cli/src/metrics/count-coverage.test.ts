import { expect, it } from 'vitest';

import { hopState, tablesFile } from '@tidemark/command-line/testing';
import { countCoverage } from './count-coverage.ts';

const never = { status: 'pending', succeeded: false, lastSucceededAt: null, sourceAsOf: null, watermarks: {} } as const;

it('counts tables with incremental columns apart from all, and a seeded record as none', () => {
  const file = tablesFile(`tables:
    patient: {incremental_columns: [DateTStamp]}
    recall: {incremental_columns: [DateTStamp]}
    program: {incremental_columns: []}
    sheet: {}
    claim: {}`);
  const coverage = countCoverage({
    tables: ['claim', 'patient', 'program', 'recall', 'sheet'],
    file,
    // Of sheet tables.yml says nothing, but it is read by a stamp; of claim neither says anything.
    copied: [
      hopState(),
      hopState({ table: 'recall', ...never }),
      hopState({ table: 'sheet', status: 'failed' }),
      hopState({ table: 'claim', watermarks: {} }),
    ],
    loaded: [hopState()],
    transformed: [],
  });
  expect(coverage.copy).toEqual({
    incremental: { total: 3, covered: 2, missing: ['recall'] },
    synced: { total: 5, covered: 3, missing: ['program', 'recall'] },
  });
  expect(coverage.load.incremental).toEqual({ total: 3, covered: 1, missing: ['recall', 'sheet'] });
  expect(coverage.transform).toBeNull();
});

it('counts a table as transformed by its staging model', () => {
  const model = { status: 'success', rows: 1, lastError: null, consecutiveFailures: 0 } as const;
  const { transform } = countCoverage({
    tables: ['patient', 'recall'],
    file: null,
    copied: [hopState(), hopState({ table: 'recall' })],
    loaded: [],
    transformed: [
      { ...model, model: 'stg_opendental__patient', lastSucceededAt: '2026-03-01T21:04:07.000Z' },
      { ...model, model: 'stg_opendental__recall', lastSucceededAt: null },
    ],
  });
  expect(transform?.synced).toEqual({ total: 2, covered: 1, missing: ['recall'] });
});
