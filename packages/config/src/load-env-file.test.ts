import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { readVariable } from './environment.ts';
import { loadEnvFile } from './load-env-file.ts';
import { refusalOf } from './testing/refusal-of.ts';

function folderWith(text: string | null) {
  const dir = mkdtempDisposableSync(join(tmpdir(), 'tidemark-config-'));
  if (text !== null) writeFileSync(join(dir.path, '.env'), text);
  return dir;
}

test('the process wins over the file; empty counts as not set', () => {
  using dir = folderWith('A=file\nB=file\nC=file\nD=\n');
  const environment = loadEnvFile(null, { A: 'process', B: '' }, { directory: dir.path });
  expect(readVariable(environment, 'A')).toEqual({ value: 'process', from: 'environment' });
  expect(readVariable(environment, 'B')).toEqual({ value: 'file', from: '.env' });
  expect(readVariable(environment, 'C')).toEqual({ value: 'file', from: '.env' });
  expect(readVariable(environment, 'D')).toBeNull();
  expect(readVariable(environment, 'E')).toBeNull();
});

test('.env may be missing, a named file may not', () => {
  using dir = folderWith(null);
  expect(loadEnvFile(null, { A: '1' }, { directory: dir.path }).layers).toHaveLength(1);
  const error = refusalOf(() => loadEnvFile(join(dir.path, 'clinic.env'), {}));
  expect(error.code).toBe('CONFIG_INVALID');
  expect(error.message).toMatch(/clinic\.env: cannot be read: there is no such file$/);
});

test('a byte order mark does not hide the first variable', () => {
  using dir = folderWith('\uFEFFA=1\n');
  expect(readVariable(loadEnvFile(null, {}, { directory: dir.path }), 'A')?.value).toBe('1');
});

describe('a # that would cut a value off', () => {
  test.each(['OPENDENTAL_SOURCE_PASSWORD=se#cret', '  export MYSQL_REPLICATION_PASSWORD = a b#cret'])('%s', (line) => {
    using dir = folderWith(`X=1\n${line}\n`);
    const error = refusalOf(() => loadEnvFile(null, {}, { directory: dir.path }));
    expect(error.message).toMatch(/\.env:2:1 \w+_PASSWORD: the value has a # and no quotes/);
    expect(error.message + error.hint).not.toContain('cret');
  });

  test.each([
    "TIDEMARK_X='se#cret'",
    'TIDEMARK_X="se#cret"',
    'TIDEMARK_X=se # comment',
    'OTHER=se#cret',
    '# TIDEMARK_X=a#b',
    'TIDEMARK_X= # none',
  ])('%s is left alone', (line) => {
    using dir = folderWith(`${line}\n`);
    expect(loadEnvFile(null, {}, { directory: dir.path }).layers).toHaveLength(2);
  });
});
