import { createHash } from 'node:crypto';

import type { TableDescription } from '@tidemark/mysql';
import type { HopState } from '@tidemark/tracking';

type Made = Pick<TableDescription, 'created' | 'columns'>;

/**
 * What a success records of the table it copied: the fingerprint of columns and key, and a mark of the table itself, by
 * which another one of the same form is told from it.
 */
export function recordedStructure(fingerprint: string, table: Made): string {
  return `${fingerprint} ${markOf(table)}`;
}

/**
 * Whether the source's table is another one than the last success read, though of the same form: restored, swapped with
 * another, or rewritten by an ALTER. Its stamps say nothing of how its rows differ from those that were copied.
 */
export function wasReplaced(state: Pick<HopState, 'structure'> | null, table: Made): boolean {
  const [, recorded] = state?.structure?.split(' ') ?? [];
  return recorded !== undefined && recorded !== markOf(table);
}

/**
 * Of the time at which the server says the table was made, and of what the fingerprint leaves out: the order of the
 * columns, since names can be exchanged, whether they may be NULL, and how they compare.
 */
function markOf({ created, columns }: Made): string {
  const forms = columns.map(({ name, nullable, collation }) => [
    name,
    nullable,
    collation?.replace(/^utf8_/, 'utf8mb3_'),
  ]);
  return createHash('sha256')
    .update(JSON.stringify([created, forms]))
    .digest('hex')
    .slice(0, 16);
}
