import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempDisposableSync,
  readdirSync,
  readFileSync,
  readlinkSync,
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

it('writes a file that a link points to and that is not there yet', () => {
  using temp = folder();
  symlinkSync('not-yet.yml', join(temp.path, 'link.yml'));
  writeFileAtomically(join(temp.path, 'link.yml'), 'new');
  expect(readFileSync(join(temp.path, 'not-yet.yml'), 'utf8')).toBe('new');
  expect(readlinkSync(join(temp.path, 'link.yml'))).toBe('not-yet.yml');
});

it('keeps a mode that the umask would not give', () => {
  using temp = folder();
  const path = join(temp.path, 'shared.yml');
  writeFileSync(path, 'old');
  chmodSync(path, 0o664);
  const before = process.umask(0o077);
  using _restored = { [Symbol.dispose]: () => process.umask(before) };
  writeFileAtomically(path, 'new');
  expect(statSync(path).mode & 0o777).toBe(0o664);
});

// Whoever is not root can give no file away, and has none of others to write to.
it.runIf(process.geteuid?.() === 0)('leaves a file to the user that it belongs to', () => {
  using temp = folder();
  const path = join(temp.path, 'theirs.yml');
  writeFileSync(path, 'old');
  chownSync(path, 65_534, 65_534);
  writeFileAtomically(path, 'new');
  expect([statSync(path).uid, statSync(path).gid]).toEqual([65_534, 65_534]);
});

// Windows has no named pipes in its file system.
it.skipIf(process.platform === 'win32')('writes to a pipe and leaves it one', async () => {
  using temp = folder();
  const path = join(temp.path, 'pipe');
  await once(spawn('mkfifo', [path]), 'exit');
  const reader = spawn('cat', [path], { stdio: ['ignore', 'pipe', 'inherit'] });
  using _ended = { [Symbol.dispose]: () => reader.kill() };
  const read = reader.stdout.toArray();
  writeFileAtomically(path, 'text\n');
  expect(statSync(path).isFIFO()).toBe(true);
  expect(Buffer.concat(await read).toString()).toBe('text\n');
  expect(readdirSync(temp.path)).toEqual(['pipe']);
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
