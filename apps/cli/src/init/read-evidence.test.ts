import type { Comparison } from '@tidemark/tracking';
import { expect, it } from 'vitest';

import { hopState } from '@tidemark/command-line/testing';
import { evidenceOf } from './read-evidence.ts';

const found = (causes: Comparison['causes'], columns: Comparison['columns'] = {}): Comparison => ({
  table: 'patient',
  finishedAt: '2026-03-01T03:00:00.000000Z',
  isEqual: false,
  sourceRows: 100,
  causes,
  columns,
});

it('lets the comparison that found most changes without a stamp speak, and counts no other cause', () => {
  const quality = [{ column: 'DateTStamp', values: 6, nulls: 1, sentinels: 0, outOfRange: 0, future: 2 }];
  const evidence = evidenceOf(
    [hopState({ columnQuality: quality })],
    [
      found({ late_commit: 90, changed_in_raw: 7 }),
      found({ stamp_did_not_move: 3, no_stamp_column: 1 }, { IsDeleted: 4 }),
      found({ stamp_did_not_move: 2 }, { Note: 2 }),
    ],
  );
  expect(evidence.of('patient')).toEqual({ quality, unstampedRows: 4, unstampedColumns: { IsDeleted: 4 } });
  expect(evidence.of('recall')).toEqual({ quality: [], unstampedRows: 0, unstampedColumns: {} });
  expect(evidence.text).toBe(
    'runs have seen values in the incremental columns of 1 table, and 1 table was compared whole',
  );
});
