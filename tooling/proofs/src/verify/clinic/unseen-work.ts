import { CLINIC_TABLES, type ClinicTable } from '@tidemark/sample-clinic';

import type { Pipeline } from '../../pipeline.ts';
import { equalLooking } from './column-values.ts';
import { keysOf } from './ground.ts';
import { rowStatements } from './row-statements.ts';

/** Rows put into each table, so that every kind of difference finds a row of its own in the smallest one too. */
const ROWS = 60;
const OLD_STAMP = '2024-05-06 07:08:09';

/**
 * What the practice does and no stamp tells of, in every table: a row changed, one deleted, one put in with an old key
 * and an old stamp. And rows of values that look different in each database and are not.
 *
 * @returns by table, the key of the row that was deleted
 */
export async function workUnseen({ source }: Pipeline): Promise<ReadonlyMap<string, string>> {
  const gone = new Map<string, string>();
  for (const table of CLINIC_TABLES) {
    const keys = await keysOf(source, table);
    const [first = '', second = ''] = keys;
    const { change, remove, copy } = rowStatements(table, 'source');
    const others = table.columns.filter(({ name }) => name !== table.key && name !== table.stamp);
    await source.exec([change(first, others), remove(second), copy(first, '-1')].join(';'));
    gone.set(table.name, second);
    const { sql, params } = equalLookingRows(table, BigInt(keys.at(-1) ?? 0) + 1n);
    await source.query(sql, params);
  }
  return gone;
}

function equalLookingRows(table: ClinicTable, firstKey: bigint): { readonly sql: string; readonly params: string[] } {
  const rows = Array.from({ length: ROWS }, (_, row) =>
    table.columns.map((column, place) => {
      if (column.name === table.key) return String(firstKey + BigInt(row));
      if (column.name === table.stamp) return OLD_STAMP;
      const values = equalLooking(column);
      return values[(row + place) % values.length] ?? '';
    }),
  );
  const marks = `(${table.columns.map(() => '?').join(', ')})`;
  const columns = table.columns.map(({ name }) => `\`${name}\``).join(', ');
  return {
    sql: `INSERT INTO \`${table.name}\` (${columns}) VALUES ${rows.map(() => marks).join(', ')}`,
    params: rows.flat(),
  };
}
