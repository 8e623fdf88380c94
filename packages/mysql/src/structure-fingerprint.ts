import { createHash } from 'node:crypto';

import { columnForm } from './column-form.ts';
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

/** The fingerprint that a success has recorded, without the marks that follow it. */
export function fingerprintOf(recorded: string | null): string | null {
  return recorded?.split(' ', 1)[0] ?? null;
}

/** The column type without what only concerns printing. The values of an ENUM or SET stay as they are spelled. */
export function comparableType(column: ColumnDescription): string {
  if (columnForm(column) === 'enum') return column.columnType;
  return column.columnType
    .toLowerCase()
    .replace(/^((?:tiny|small|medium|big)?int|year)\(\d+\)/, '$1')
    .replace(/ zerofill$/, '');
}
