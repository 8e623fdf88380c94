import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { loadConfiguredTables, loadTablesFile } from './load-tables-file.ts';
import { refusalOf } from './testing/refusal-of.ts';

const folder = () => mkdtempDisposableSync(join(tmpdir(), 'tidemark-config-'));

test('messages name the file as it was named', () => {
  using dir = folder();
  const path = join(dir.path, 'clinic.yml');
  writeFileSync(path, 'tables: {a: 1}');
  expect(refusalOf(() => loadTablesFile(path)).message).toBe(
    `${path}:1:13 tables.a: expected a map of settings, got 1`,
  );
});

test('a byte order mark does no harm; UTF-16 is refused', () => {
  using dir = folder();
  const path = join(dir.path, 'tables.yml');
  writeFileSync(path, '\uFEFFtables: {a: }');
  expect(loadTablesFile(path).tables.size).toBe(1);
  writeFileSync(path, Buffer.from('\uFEFFtables: {a: }', 'utf16le'));
  expect(refusalOf(() => loadTablesFile(path)).message).toBe(`${path}:1:1 the file is not UTF-8 text`);
});

test('a file that is missing or no file is refused, with the way out', () => {
  using dir = folder();
  const missing = refusalOf(() => loadTablesFile(join(dir.path, 'none.yml')));
  expect(missing).toMatchObject({ code: 'CONFIG_INVALID', exitCode: 2 });
  expect(missing.message).toMatch(/none\.yml: cannot be read: there is no such file$/);
  expect(missing.hint).toContain('tidemark init');
  expect(refusalOf(() => loadTablesFile(dir.path)).message).toMatch(/: cannot be read: it is a directory$/);
});

test('only the file that nobody named may be missing', () => {
  using dir = folder();
  const value = join(dir.path, 'tables.yml');
  expect(loadConfiguredTables({ value, from: 'default' })).toBeNull();
  expect(refusalOf(() => loadConfiguredTables({ value, from: 'environment' })).code).toBe('CONFIG_INVALID');
  writeFileSync(value, 'tables: {a: }');
  expect(loadConfiguredTables({ value, from: 'default' })?.tables.size).toBe(1);
  writeFileSync(value, 'tables: {a: 1}');
  expect(refusalOf(() => loadConfiguredTables({ value, from: 'default' })).code).toBe('CONFIG_INVALID');
});
