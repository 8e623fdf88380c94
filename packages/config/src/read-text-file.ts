import { readFileSync } from 'node:fs';

import { configInvalid } from './config-invalid.ts';

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
};

/** Why a file cannot be read, in words; the system's own code where there is no word. */
export function whyUnreadable(error: unknown): string {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
  return WHY[code] ?? code;
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/**
 * The text of a UTF-8 file, without a byte order mark.
 *
 * @throws the system's error when the file cannot be read; CONFIG_INVALID when it is not UTF-8 (PowerShell's `>` writes
 * UTF-16, and half-read settings would be worse than none)
 */
export function readTextFile(path: string): string {
  const bytes = readFileSync(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw configInvalid([`${path}:1:1 the file is not UTF-8 text`], 'Save the file with the encoding UTF-8.');
  }
}
