import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

const BIN = fileURLToPath(new URL('../bin/tidemark.ts', import.meta.url));

test('an --env-file that is not there is the command’s error, not Node’s', async () => {
  const started = promisify(execFile)(BIN, ['status', '--env-file', '/nowhere/.env']);
  await expect(started).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('CONFIG_INVALID') });
});

test.skipIf(!existsSync('/dev/full'))('a result that cannot be printed is told, and is no defect', async () => {
  const full = promisify(execFile)('bash', ['-c', `"${BIN}" run --help >/dev/full`]);
  await expect(full).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('the result cannot be written to stdout (ENOSPC)'),
  });
});

// run-program.ts: oclif's flush would wait for ever, and Node ends such a process with 13.
test('a reader that has gone away is no failure', async () => {
  const piped = promisify(execFile)('bash', ['-c', `"${BIN}" run --help | true; exit "\${PIPESTATUS[0]}"`]);
  await expect(piped).resolves.toEqual({ stdout: '', stderr: '' });
});
