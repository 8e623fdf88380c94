import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

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
 * keeps its mode and, where this user may give files away, its owner; a link is followed. What is no file, such as a pipe
 * or `/dev/stdout`, is written to and stays.
 *
 * @throws TidemarkError CONFIG_INVALID when it cannot be written
 */
export function writeFileAtomically(path: string, text: string): void {
  try {
    const existing = statSync(path, { throwIfNoEntry: false });
    if (existing === undefined) replace(targetOf(path), text, null);
    else if (existing.isFile()) replace(realpathSync(path), text, existing);
    else writeFileSync(path, text);
  } catch (error) {
    throw new TidemarkError('CONFIG_INVALID', {
      message: `${path === '' ? 'a file without a name' : path}: cannot be written: ${whyNot(error)}`,
      hint: 'Name a file in a folder that this user may write to. Nothing was changed.',
    });
  }
}

/** Where a file of this name comes to lie: a link may point to one that is not there yet. */
function targetOf(path: string): string {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink ? targetOf(resolve(dirname(path), readlinkSync(path))) : path;
}

function replace(target: string, text: string, existing: Stats | null): void {
  // Beside the target: a rename across file systems would be no rename.
  const passing = join(dirname(target), `.tidemark-${randomBytes(6).toString('hex')}.tmp`);
  const file = openSync(passing, 'wx', existing ? 0o600 : 0o666);
  try {
    try {
      if (existing) takeAfter(file, existing);
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

/** Only root gives files away; for anybody else the new file is theirs, as it is with an editor. */
function takeAfter(file: number, { mode, uid, gid }: Stats): void {
  if (process.geteuid?.() === 0) fchownSync(file, uid, gid);
  // Not by open(): that one takes away what the umask says.
  fchmodSync(file, mode & 0o777);
}

function whyNot(error: unknown): string {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
  return WHY[code] ?? code;
}
