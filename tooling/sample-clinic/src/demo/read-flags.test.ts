import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { DEMO_HELP, readDemoFlags } from './read-flags.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

test('flags are read, and help is told of every one of them', () => {
  expect(readDemoFlags([])).toEqual({ patients: 2000, seed: 1, keep: false });
  expect(readDemoFlags(['--patients', '10', '--seed=0', '--keep'])).toEqual({ patients: 10, seed: 0, keep: true });
  expect(readDemoFlags(['--keep', '-h'])).toBeNull();
  for (const flag of ['--patients', '--seed', '--keep', '--help']) expect(DEMO_HELP).toContain(flag);
});

test.each([['--patients', 'many'], ['--patients', '0'], ['--seed=-1'], ['--bogus'], ['more']])('%s %s', (...args) => {
  expect(() => readDemoFlags(args)).toThrow();
});

test('help is printed, and no server is started', async () => {
  expect(await promisify(execFile)(process.execPath, [MAIN, '--help'])).toEqual({
    stdout: `${DEMO_HELP}\n`,
    stderr: '',
  });
});

test('a wrong flag ends it with 2 and two lines', async () => {
  await expect(promisify(execFile)(process.execPath, [MAIN, '--patients', 'x'])).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'Error: --patients is not a whole number from 1 to 9999999\n  → Run it with --help to see what it takes.\n',
  });
});
