import { expect, it } from 'vitest';

import { failed, outcome } from '../testing/outcomes.ts';
import { toTableReport } from './run-report.ts';

const FIELDS = [
  'table',
  'hop',
  'strategy',
  'reason',
  'status',
  'rowsRead',
  'rowsInserted',
  'rowsUpdated',
  'rowsDeleted',
  'rowsUnchanged',
  'durationMs',
];

it('has the documented fields, and an error only where there is one', () => {
  expect(Object.keys(toTableReport(outcome()))).toEqual(FIELDS);
  const report = toTableReport(failed('a', 'DELETE_CAP'));
  expect(Object.keys(report)).toEqual([...FIELDS, 'error']);
  expect(report.error).toEqual({ code: 'DELETE_CAP', message: 'went wrong with DELETE_CAP', hint: 'Mend it.' });
});
