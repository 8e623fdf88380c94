import {
  chmodSync,
  mkdirSync,
  mkdtempDisposableSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { writeFileAtomically } from './write-file-atomically.ts';

function folder() {
  return mkdtempDisposableSync(join(tmpdir(), 'tidemark-write-'));
}

it('writes and replaces, keeps the mode, and leaves nothing beside', () => {
  using temp = folder();
  const path = join(temp.path, 'a.prom');
  writeFileAtomically(path, 'one\n');
  chmodSync(path, 0o640);
  const before = statSync(path).ino;
  writeFileAtomically(path, 'two\n');
  expect(readFileSync(path, 'utf8')).toBe('two\n');
  expect(statSync(path).mode & 0o777).toBe(0o640);
  // Another file in its place: who reads the old one reads it to its end.
  expect(statSync(path).ino).not.toBe(before);
  expect(readdirSync(temp.path)).toEqual(['a.prom']);
});

it('writes where a link points to', () => {
  using temp = folder();
  writeFileSync(join(temp.path, 'real.yml'), 'old');
  symlinkSync('real.yml', join(temp.path, 'link.yml'));
  writeFileAtomically(join(temp.path, 'link.yml'), 'new');
  expect(readFileSync(join(temp.path, 'real.yml'), 'utf8')).toBe('new');
  expect(readdirSync(temp.path)).toEqual(['link.yml', 'real.yml']);
});

it('says in words why it cannot, and leaves nothing beside', () => {
  using temp = folder();
  mkdirSync(join(temp.path, 'inner'));
  const tried = (name: string) => () => writeFileAtomically(join(temp.path, name), 'x');
  expect(tried('inner')).toThrow(/inner: cannot be written: it is a folder/);
  expect(tried('gone/a.yml')).toThrow(/its folder does not exist/);
  expect(tried('inner/a.yml/b.yml')).toThrow(/cannot be written/);
  expect(readdirSync(temp.path, { recursive: true })).toEqual(['inner']);
});
