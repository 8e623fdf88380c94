import { TidemarkError } from '@tidemark/errors';
import type { PoolClient } from 'pg';

import type { RawColumn } from './reconcile-columns.ts';

export interface RawTable {
  /** `pg_class.oid`. */
  readonly oid: number;
  readonly columns: readonly RawColumn[];
  /** Column names of each unique index that can serve as the key. */
  readonly uniqueKeys: readonly (readonly string[])[];
  readonly primaryKey: { readonly constraint: string; readonly columns: readonly string[] } | null;
}

const RELATION = `
  SELECT c.oid::int8::text AS oid, c.relkind
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = $1 AND c.relname = $2`;

const COLUMNS = `
  SELECT a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null,
         a.atthasdef OR a.attidentity <> '' AS has_default, a.attgenerated <> '' OR a.attidentity = 'a' AS computed
    FROM pg_catalog.pg_attribute a
   WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
   ORDER BY a.attnum`;

/** Partial, expression and deferrable indexes do not keep keys apart at every moment. */
const UNIQUE_KEYS = `
  SELECT array_agg(a.attname::text) AS names,
         (SELECT conname FROM pg_catalog.pg_constraint WHERE conindid = i.indexrelid AND contype = 'p') AS primary_key
    FROM pg_catalog.pg_index i
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS part(attnum, place)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = part.attnum
   WHERE i.indrelid = $1 AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL
     AND i.indexprs IS NULL AND part.place <= i.indnkeyatts
   GROUP BY i.indexrelid`;

/**
 * Describes a raw table from the catalog; null when there is none.
 *
 * @throws TidemarkError SCHEMA_INCOMPATIBLE when the name belongs to a view or anything else that is no table
 */
export async function describeRaw(client: PoolClient, schema: string, name: string): Promise<RawTable | null> {
  const relations = await client.query<{ oid: string; relkind: string }>(RELATION, [schema, name]);
  const relation = relations.rows[0];
  if (!relation) return null;
  if (relation.relkind !== 'r' && relation.relkind !== 'p') {
    throw new TidemarkError('SCHEMA_INCOMPATIBLE', {
      message: `warehouse: ${schema}.${name} is a view or another relation that is not a table`,
      hint: 'Drop or rename it: the load writes a table of this name.',
      table: name,
    });
  }
  const columns = await client.query<RawColumnRow>(COLUMNS, [relation.oid]);
  const keys = await client.query<{ names: string[]; primary_key: string | null }>(UNIQUE_KEYS, [relation.oid]);
  return {
    oid: Number(relation.oid),
    columns: columns.rows.map((row) => ({
      name: row.name,
      type: row.type,
      notNull: row.not_null,
      hasDefault: row.has_default,
      computed: row.computed,
    })),
    uniqueKeys: keys.rows.map((row) => row.names),
    primaryKey:
      keys.rows
        .map((row) => ({ constraint: row.primary_key ?? '', columns: row.names }))
        .find((key) => key.constraint) ?? null,
  };
}

interface RawColumnRow {
  readonly name: string;
  readonly type: string;
  readonly not_null: boolean;
  readonly has_default: boolean;
  readonly computed: boolean;
}
