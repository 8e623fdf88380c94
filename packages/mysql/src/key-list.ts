import type { keyColumns, KeyValue } from './key-columns.ts';
import type { MysqlParameter } from './open-session.ts';

/** A WHERE condition that holds for the rows with one of the given keys. At least one key. */
export function keyListCondition(
  columns: ReturnType<typeof keyColumns>,
  keys: readonly KeyValue[],
): { readonly sql: string; readonly params: MysqlParameter[] } {
  const params = keys.flatMap((key) => columns.map((column, index) => column.toParameter(key[index] ?? '')));
  const [only] = columns;
  if (only && columns.length === 1) {
    return { sql: `${only.expression} IN (${keys.map(() => only.placeholder).join(', ')})`, params };
  }
  const one = columns.map((column) => `${column.expression} = ${column.placeholder}`).join(' AND ');
  return { sql: `(${keys.map(() => `(${one})`).join(' OR ')})`, params };
}
