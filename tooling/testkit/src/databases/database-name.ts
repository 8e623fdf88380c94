import { randomBytes } from 'node:crypto';

const NAME_PATTERN = /^[a-z][a-z0-9_]*$/;
const SUFFIX_BYTES = 5;
const DEFAULT_PREFIX = 'tidemark_test';

/** A name that no other test uses. */
export function newDatabaseName(prefix = DEFAULT_PREFIX): string {
  if (!NAME_PATTERN.test(prefix)) throw new Error('A database prefix consists of a-z, 0-9 and _.');
  return `${prefix}_${randomBytes(SUFFIX_BYTES).toString('hex')}`;
}
