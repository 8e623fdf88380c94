import { repeatedKeys } from '@tidemark/mysql';

/**
 * Pieces of a read that do not overlap hold every row once: a row that took the place of another had its key.
 *
 * @throws TidemarkError DUPLICATE_KEY
 */
export function refuseRepeatedKeys(rows: { readonly read: number; readonly written: number }, table: string): void {
  if (rows.written > rows.read) throw repeatedKeys(rows.written - rows.read, table);
}
