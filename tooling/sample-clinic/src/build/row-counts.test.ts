import { expect, test } from 'vitest';
import { CLINIC_PATIENTS, CLINIC_TABLES, clinicTable } from '../schema/clinic-tables.ts';
import { rowCounts } from './row-counts.ts';

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, rows) => sum + rows, 0);
}

test('every table has rows, whatever the size', () => {
  for (const patients of [1, 50, 2000, CLINIC_PATIENTS]) {
    const counts = rowCounts(patients);
    expect(counts.size).toBe(68);
    expect(Math.min(...counts.values())).toBeGreaterThan(0);
    expect(counts.get('patient')).toBe(patients);
    expect(counts.get('patientnote')).toBe(patients);
    expect(counts.get('securityloghash')).toBe(counts.get('securitylog'));
  }
});

test('2,000 patients come to some 260,000 rows, 200 to a tenth', () => {
  expect(total(rowCounts(2000))).toBeGreaterThan(250_000);
  expect(total(rowCounts(2000))).toBeLessThan(270_000);
  expect(total(rowCounts(200))).toBeGreaterThan(20_000);
  expect(total(rowCounts(200))).toBeLessThan(30_000);
});

test('the rows asked for are met', () => {
  expect(total(rowCounts(2000, 400_000)) / 400_000).toBeCloseTo(1, 2);
});

test('tables that grow with visits keep the proportions of the real practice', () => {
  const counts = rowCounts(2000);
  const scaleOf = (table: string): number => (counts.get(table) ?? 0) / clinicTable(table).clinicRows;
  for (const table of ['paysplit', 'procedurelog', 'commlog', 'sheetfield', 'claimproc', 'appointment']) {
    expect(scaleOf(table) / scaleOf('procnote')).toBeCloseTo(1, 1);
  }
});

test('small tables stay small and do not outgrow the real practice', () => {
  const counts = rowCounts(2000);
  const small = CLINIC_TABLES.filter(({ clinicRows }) => clinicRows < 2000);
  const grown = small.filter(({ name, clinicRows }) => (counts.get(name) ?? 0) > Math.max(20, clinicRows));
  expect(grown.map(({ name }) => name)).toEqual([]);
});
