import type { ClinicColumn, ClinicTable } from '@tidemark/sample-clinic';
import type { TestDatabase } from '@tidemark/testkit';

import { FLAGGED, type Clinic } from './clinic.ts';
import { damagedValue, shapeOf } from './column-values.ts';
import type { Fragile, Ground } from './kinds.ts';

/** All keys of a table in the source, in their order. */
export async function keysOf(source: TestDatabase, { name, key }: ClinicTable): Promise<string[]> {
  const rows = await source.query<{ id: string }>(
    `SELECT CAST(\`${key}\` AS CHAR) AS id FROM \`${name}\` ORDER BY \`${key}\``,
  );
  return rows.map(({ id }) => id);
}

/** Makes a table ready for differences; source, replica and raw must be the same. */
export async function prepareGround({ pipeline }: Clinic, table: ClinicTable, goneKey: string): Promise<Ground> {
  const keys = await keysOf(pipeline.source, table);
  const [low, high] = [BigInt(keys[0] ?? 0), BigInt(keys.at(-1) ?? 0)];
  const isFlagged = FLAGGED.includes(table.name);
  const fragile = await findFragile(pipeline.warehouse, table, isFlagged);
  const taken = new Set(fragile.map(({ key }) => key));
  const free = scattered(keys).filter((key) => !taken.has(key));
  const columns = table.columns.filter(({ name }) => name !== table.key && name !== table.stamp);
  const count = { keys: 0, low: 0n, high: 0n, columns: 0 };
  return {
    table,
    isFlagged,
    goneKey,
    fragile,
    takeKey: () => {
      const key = free[count.keys];
      if (key === undefined) throw new Error(`${table.name} has too few rows`);
      count.keys += 1;
      return key;
    },
    newLowKey: () => String(low - (count.low += 1n)),
    newHighKey: () => String(high + 1000n + (count.high += 1n)),
    nextColumn: () => {
      const column = columns[count.columns % columns.length];
      if (column === undefined) throw new Error(`${table.name} has no column to change`);
      count.columns += 1;
      return column;
    },
  };
}

/** The same keys, neighbours far apart: what is planted one after the other lies all over the table. */
function scattered(keys: readonly string[]): string[] {
  let step = Math.max(1, Math.round(keys.length * 0.618));
  while (commonDivisor(step, keys.length) > 1) step += 1;
  return keys.map((_, place) => keys[(place * step) % keys.length] ?? '');
}

function commonDivisor(one: number, other: number): number {
  return other === 0 ? one : commonDivisor(other, one % other);
}

/** For each shape of value that can be damaged, one row of raw that has such a value. */
async function findFragile(warehouse: TestDatabase, table: ClinicTable, isFlagged: boolean): Promise<Fragile[]> {
  const byShape = new Map<string, ClinicColumn[]>();
  for (const column of table.columns) {
    if (column.name === table.key || damagedValue(column) === null) continue;
    byShape.set(shapeOf(column), [...(byShape.get(shapeOf(column)) ?? []), column]);
  }
  const found: Fragile[] = [];
  for (const columns of byShape.values()) {
    const row = await firstFragile(warehouse, table, { columns, isFlagged, but: found.map(({ key }) => key) });
    if (row !== undefined) found.push(row);
  }
  return found;
}

async function firstFragile(
  warehouse: TestDatabase,
  { name, key }: ClinicTable,
  {
    columns,
    isFlagged,
    but,
  }: { readonly columns: readonly ClinicColumn[]; isFlagged: boolean; but: readonly string[] },
): Promise<Fragile | undefined> {
  for (const column of columns) {
    const isThere = isFlagged ? 'AND _tidemark_deleted_at IS NULL' : '';
    const [row] = await warehouse.query<{ id: string }>(
      `SELECT "${key}"::text AS id FROM raw."${name}"
        WHERE ${damagedValue(column)?.where ?? 'false'} ${isThere} AND "${key}" <> ALL ($1::bigint[])
        ORDER BY "${key}" DESC LIMIT 1`,
      [but],
    );
    if (row !== undefined) return { key: row.id, column };
  }
  return undefined;
}
