import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { rowCounts } from './build/row-counts.ts';
import { CLINIC_TABLES } from './schema/clinic-tables.ts';
import { tablesYml } from './tables-yml.ts';

interface File {
  readonly metadata: { readonly total_tables: number };
  readonly tables: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function read(text: string): File {
  const file: File = parse(text);
  return file;
}

test('says first that it is generated', () => {
  expect(tablesYml()).toMatch(/^# Generated /);
});

test('describes the 68 tables under their own names', () => {
  const { metadata, tables } = read(tablesYml());
  expect(metadata.total_tables).toBe(68);
  expect(Object.keys(tables)).toEqual(CLINIC_TABLES.map(({ name }) => name));
  for (const [name, entry] of Object.entries(tables)) expect(entry['table_name']).toBe(name);
});

test('35 stamped tables are incremental on key and stamp, the others digest or, when small, read whole', () => {
  const { tables } = read(tablesYml());
  const strategies = Object.values(tables).map((entry) => entry['extraction_strategy']);
  expect(strategies.filter((strategy) => strategy === 'incremental')).toHaveLength(35);
  expect(new Set(strategies)).toEqual(new Set(['incremental', 'digest', 'full_table']));
  expect(tables['paysplit']?.['incremental_columns']).toEqual(['SplitNum', 'SecDateTEdit']);
  expect(tables['sheetfield']?.['extraction_strategy']).toBe('digest');
  expect(tables['recalltype']?.['extraction_strategy']).toBe('full_table');
});

test('tells the sizes of the real practice, or of one that was built', () => {
  expect(read(tablesYml()).tables['patient']?.['estimated_rows']).toBe(35_135);
  const built = read(tablesYml({ patients: 200 })).tables['paysplit']?.['estimated_rows'];
  expect(built).toBe(rowCounts(200).get('paysplit'));
});
