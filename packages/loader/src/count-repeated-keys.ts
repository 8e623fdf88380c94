import { classifyDriverError, TidemarkError } from '@tidemark/errors';
import type { PoolClient } from 'pg';

import { describeRaw, type RawTable } from './describe-raw.ts';
import { postgresName, qualifiedName, quoteName } from './postgres-name.ts';

export interface KeyedTable {
  /** As the replica spells it. */
  readonly table: string;
  readonly key: readonly string[];
}

/** What is known of the keys of one raw table. */
export type RepeatedKeys =
  /** There is no raw table. */
  | { readonly table: string; readonly by: 'absent' }
  /** It cannot be said; why, in words. */
  | { readonly table: string; readonly by: 'unknown'; readonly why: string }
  /** A valid unique index on the key is in the catalog: no key can be there twice, and nothing was read. */
  | { readonly table: string; readonly by: 'unique_index'; readonly keys: 0; readonly surplusRows: 0 }
  /** All rows were read. */
  | {
      readonly table: string;
      readonly by: 'count';
      /** Keys that more than one row has. */
      readonly keys: number;
      /** Rows beyond the first of each of them. */
      readonly surplusRows: number;
    };

/** Says how many keys of a raw table are there more than once. */
export async function countRepeatedKeys(
  client: PoolClient,
  schema: string,
  { table, key }: KeyedTable,
): Promise<RepeatedKeys> {
  const name = postgresName(table);
  const raw = await describe(client, schema, name);
  if (!raw) return { table, by: 'absent' };
  if ('why' in raw) return { table, by: 'unknown', why: raw.why };
  const columns = key.map(postgresName);
  const missing = columns.filter((column) => !raw.columns.some((found) => found.name === column));
  if (missing.length > 0) return { table, by: 'unknown', why: `raw lacks the key column ${missing.join(', ')}` };
  const isGuarded = raw.uniqueKeys.some(
    (unique) => unique.length === columns.length && columns.every((column) => unique.includes(column)),
  );
  if (isGuarded) return { table, by: 'unique_index', keys: 0, surplusRows: 0 };
  try {
    const { rows } = await client.query<{ keys: string; surplus: string }>(
      `SELECT count(*)::text AS keys, coalesce(sum(n - 1), 0)::text AS surplus
         FROM (SELECT count(*) AS n FROM ${qualifiedName(schema, name)}
                GROUP BY ${columns.map(quoteName).join(', ')} HAVING count(*) > 1) AS repeated`,
    );
    return { table, by: 'count', keys: Number(rows[0]?.keys), surplusRows: Number(rows[0]?.surplus) };
  } catch (error) {
    throw classifyDriverError(error, 'warehouse', table);
  }
}

async function describe(client: PoolClient, schema: string, name: string): Promise<RawTable | { why: string } | null> {
  try {
    return await describeRaw(client, schema, name);
  } catch (error) {
    if (error instanceof TidemarkError && error.code === 'SCHEMA_INCOMPATIBLE') return { why: error.message };
    throw classifyDriverError(error, 'warehouse', name);
  }
}
