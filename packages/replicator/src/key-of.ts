import { TidemarkError } from '@tidemark/errors';
import type { TableDescription } from '@tidemark/mysql';

/**
 * The columns that rows are written by: those that the configuration names, in the table's own spelling, else the key of
 * the source. Empty when there are none.
 *
 * @throws TidemarkError CONFIG_INVALID when a configured column is not in the table
 */
export function keyOf(table: TableDescription, configured: readonly string[] | null): readonly string[] {
  if (configured === null) return table.key;
  return configured.map((name) => {
    const column = table.columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (column) return column.name;
    throw new TidemarkError('CONFIG_INVALID', {
      message: `key column ${name} is not in the source table`,
      hint: 'Correct primary_key of this table in tables.yml.',
      table: table.name,
    });
  });
}
