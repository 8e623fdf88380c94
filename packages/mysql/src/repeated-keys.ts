import { TidemarkError } from '@tidemark/errors';

/** Rows that bear the key of another row: written by that key, one of the two would be lost without a word. */
export function repeatedKeys(rows: number, table: string): TidemarkError {
  return new TidemarkError('DUPLICATE_KEY', {
    message: `source: ${rows} rows have the same key as another row`,
    hint: 'Name columns as primary_key in tables.yml that are unique in the source, also by the collation of the replica.',
    table,
  });
}
