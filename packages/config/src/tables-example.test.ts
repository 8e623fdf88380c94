import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { loadTablesFile } from './load-tables-file.ts';
import { tableSettings } from './table-settings.ts';
import { defaultsSchema, keepSchema, runSchema, sourceSchema, tableSchema } from './tables-schema.ts';

const path = new URL('../tables.example.yml', import.meta.url).pathname;

test('the example loads without a warning', () => {
  const file = loadTablesFile(path);
  expect(file.warnings).toEqual([]);
  expect(tableSettings(file, 'appointment')).toMatchObject({
    strategy: 'incremental',
    lookbackSeconds: { DateTStamp: 600, AptDateTime: 86_400 },
    digestEverySeconds: 43_200,
  });
});

test('the example shows every key', () => {
  const text = readFileSync(path, 'utf8');
  const keys = [tableSchema, defaultsSchema, sourceSchema, runSchema, keepSchema].flatMap(({ shape }) =>
    Object.keys(shape),
  );
  expect(keys.filter((key) => !new RegExp(`^\\s*${key}:`, 'm').test(text))).toEqual([]);
});
