import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

const BIN = fileURLToPath(new URL('../bin/tidemark.ts', import.meta.url));

test('an --env-file that is not there is the command’s error, not Node’s', async () => {
  const started = promisify(execFile)(BIN, ['status', '--env-file', '/nowhere/.env']);
  await expect(started).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('CONFIG_INVALID') });
});
