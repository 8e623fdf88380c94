import { quoteMysqlIdentifier } from '@tidemark/incremental';
import { columnForm, type ColumnDescription } from '@tidemark/mysql';
import { TRACKING_TABLES } from '@tidemark/tracking';

import type { CopyContext } from './copy-context.ts';

/**
 * Writes a tombstone for every row of the replica table (t) that a FROM tail selects: `row_key` is a JSON array of the
 * key's values as text, binary ones in hexadecimal. The load hop deletes by it.
 */
export async function buryRows(
  context: CopyContext,
  tail: string,
  params: readonly (string | bigint | number | null)[] = [],
): Promise<number> {
  const keyColumns = context.key.map((name) => context.columns.find((column) => column.name === name));
  const values = keyColumns.map((column) => (column ? keyText(column) : 'NULL'));
  return context.replica.execute(
    `INSERT INTO ${TRACKING_TABLES.tombstone} (table_name, copy_sequence, row_key)
     SELECT ?, ?, JSON_ARRAY(${values.join(', ')})
       FROM ${quoteMysqlIdentifier(context.replicaTable.name)} AS t ${tail}`,
    [context.input.table, BigInt(context.sequence), ...params],
  );
}

function keyText(column: ColumnDescription): string {
  const name = `t.${quoteMysqlIdentifier(column.name)}`;
  switch (columnForm(column)) {
    case 'binary':
      return `HEX(${name})`;
    case 'bit':
      return `CAST(${name} + 0 AS CHAR)`;
    case 'float':
      return `CAST(${name} + 0e0 AS CHAR)`;
    default:
      return `CAST(${name} AS CHAR)`;
  }
}
