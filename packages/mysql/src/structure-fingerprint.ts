import { createHash } from 'node:crypto';

import type { ColumnDescription } from './types.ts';

/**
 * Fingerprint of what makes stored watermarks and copied rows comparable: the key and the written columns with their
 * types. Display widths are left out, since MySQL 8.0.19 and later no longer print them.
 */
export function structureFingerprint(columns: readonly ColumnDescription[], key: readonly string[]): string {
  const parts = columns.map((column) => `${column.name} ${comparableType(column)}`).toSorted();
  return createHash('sha256')
    .update(JSON.stringify([key, parts]))
    .digest('hex')
    .slice(0, 16);
}

/** The column type without what only concerns printing. */
export function comparableType(column: ColumnDescription): string {
  const type = column.columnType.toLowerCase().replaceAll(/\b((?:tiny|small|medium|big)?int|year)\(\d+\)/g, '$1');
  return type.replace(/ zerofill\b/, '');
}
