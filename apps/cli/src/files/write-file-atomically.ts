import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { TidemarkError } from '@tidemark/errors';

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EISDIR: 'it is a folder',
  EROFS: 'the file system takes no writes',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
};

/**
 * Writes a file so that a reader sees the old text or the new one, never a part, also after a crash. A file that is there
 * keeps its mode; a link is followed.
 *
 * @throws TidemarkError CONFIG_INVALID when it cannot be written
 */
export function writeFileAtomically(path: string, text: string): void {
  try {
    replace(existsSync(path) ? realpathSync(path) : path, text);
  } catch (error) {
    throw new TidemarkError('CONFIG_INVALID', {
      message: `${path}: cannot be written: ${whyNot(error)}`,
      hint: 'Name a file in a folder that this user may write to. Nothing was changed.',
    });
  }
}

function replace(target: string, text: string): void {
  const existing = statSync(target, { throwIfNoEntry: false });
  if (existing?.isDirectory() === true) throw Object.assign(new Error('EISDIR'), { code: 'EISDIR' });
  // Beside the target: a rename across file systems would be no rename.
  const passing = join(dirname(target), `.tidemark-${randomBytes(6).toString('hex')}.tmp`);
  const file = openSync(passing, 'wx', existing ? existing.mode & 0o777 : 0o666);
  try {
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(passing, target);
  } catch (error) {
    rmSync(passing, { force: true });
    throw error;
  }
}

function whyNot(error: unknown): string {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
  return WHY[code] ?? code;
}
