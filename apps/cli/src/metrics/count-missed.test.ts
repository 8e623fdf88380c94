import type { Comparison } from '@tidemark/tracking';
import { expect, it } from 'vitest';

import { countMissed } from './count-missed.ts';

function comparison(changed: Partial<Comparison>): Comparison {
  return {
    table: 'patient',
    finishedAt: '2026-03-01T03:00:00.000000Z',
    isEqual: false,
    sourceRows: 100,
    causes: {},
    columns: {},
    ...changed,
  };
}

it('counts what runs passed by in the last comparison of each table, and not what other hands did', () => {
  const found = countMissed(
    ['patient', 'recall', 'sheet'],
    [
      comparison({ causes: { late_commit: 1, deleted_in_source: 2, changed_in_raw: 5 } }),
      comparison({ finishedAt: '2026-02-27T03:00:00.000000Z', causes: { stamp_did_not_move: 40 } }),
      comparison({ finishedAt: '2026-01-01T03:00:00.000000Z', causes: { stamp_did_not_move: 9 } }),
      comparison({ table: 'recall', finishedAt: '2026-01-02T03:00:00.000000Z', sourceRows: 50, isEqual: true }),
      comparison({ table: 'unselected', causes: { late_commit: 7 } }),
    ],
    '2026-02-01T00:00:00.000Z',
  );
  expect(found).toEqual({
    comparedTables: 2,
    comparedRows: 150,
    missedRows: 3,
    share: 1 - 3 / 150,
    causes: { late_commit: 1, deleted_in_source: 2, changed_in_raw: 5 },
    tables: [
      { table: 'patient', comparedAt: '2026-03-01T03:00:00.000Z', sourceRows: 100, missedRows: 3, otherRows: 5 },
      { table: 'recall', comparedAt: '2026-01-02T03:00:00.000Z', sourceRows: 50, missedRows: 0, otherRows: 0 },
    ],
    notCompared: ['sheet'],
    inDays: { comparisons: 2, missedRows: 43 },
  });
});

it('says nothing where nothing was compared, and no share of no rows', () => {
  expect(countMissed(['patient'], [], '2026-02-01T00:00:00.000Z')).toBeNull();
  const empty = [comparison({ sourceRows: 0, isEqual: true })];
  expect(countMissed(['patient'], empty, '2026-02-01T00:00:00.000Z')?.share).toBeNull();
  const emptied = [comparison({ sourceRows: 0, causes: { deleted_in_source: 4 } })];
  expect(countMissed(['patient'], emptied, '2026-02-01T00:00:00.000Z')?.share).toBe(0);
});
