import { fingerprintOf } from '@tidemark/mysql';
import { expect, test } from 'vitest';

import { recordedStructure, wasReplaced } from './recorded-structure.ts';
import { describedColumn, describedTable } from './testing/described-column.ts';

const [num, note] = [describedColumn('Num', 'bigint'), describedColumn('Note', 'varchar(20)')];
const table = { ...describedTable('t', [num, note], ['Num']), created: '2026-01-01 10:00:00' };
const recorded = { structure: recordedStructure('f1', table) };

test('the fingerprint is what was recorded as such', () => {
  expect(fingerprintOf(recorded.structure)).toBe('f1');
  expect(fingerprintOf('f1')).toBe('f1');
  expect(fingerprintOf(null)).toBeNull();
});

test.each([
  ['the same', table, false],
  ['made at another time', { ...table, created: '2026-01-01 10:00:01' }, true],
  ['in another order', { ...table, columns: [note, num] }, true],
  ['with a column that takes NULL', { ...table, columns: [num, { ...note, nullable: true }] }, true],
  ['with another collation', { ...table, columns: [num, { ...note, collation: 'utf8mb3_bin' }] }, true],
  ['as a newer server spells it', { ...table, columns: [num, { ...note, collation: 'utf8_general_ci' }] }, false],
])('a table %s', (_, now, expected) => {
  expect(wasReplaced(recorded, now)).toBe(expected);
});

test('a record without a mark says nothing', () => {
  expect(wasReplaced({ structure: 'f1' }, table)).toBe(false);
  expect(wasReplaced({ structure: null }, table)).toBe(false);
  expect(wasReplaced(null, table)).toBe(false);
});
