import { expect, test } from 'vitest';
import { CLINIC_TABLES, clinicTable } from '../../schema/clinic-tables.ts';
import { ALL_FILLS } from './all-fills.ts';

test('each of the 68 tables is filled once', () => {
  expect(ALL_FILLS.map(({ table }) => table).toSorted()).toEqual(CLINIC_TABLES.map(({ name }) => name));
});

test('what a fill remembers are columns of its table', () => {
  for (const { table, remembers } of ALL_FILLS) {
    const columns = clinicTable(table).columns.map(({ name }) => name);
    expect(columns).toEqual(expect.arrayContaining([...(remembers ?? [])]));
  }
});
