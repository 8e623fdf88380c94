import { columnForm, type ColumnDescription } from '@tidemark/mysql';
import { escapeIdentifier, type PoolClient } from 'pg';

/** A column as raw has it, and how its value is read as it was loaded. */
export interface RawColumn {
  /** Quoted. */
  readonly name: string;
  /** As `format_type` prints it. */
  readonly type: string;
  /** SQL that gives the value as it stands on its way there, wherever that costs nothing; alias `t`. */
  readonly expression: string;
}

export interface RawTable {
  /** Schema and name, quoted. */
  readonly qualified: string;
  /** By the name of the replica's column. */
  readonly columns: ReadonlyMap<string, RawColumn>;
  /** Whether raw has the column that marks rows as deleted. */
  readonly marksDeleted: boolean;
}

/** The loader's name for the column that marks rows (`deletes: flag`). */
export const DELETED_AT = '_tidemark_deleted_at';

/** PostgreSQL cuts names at 63 bytes: the cast to `name` does it here as CREATE TABLE did. */
const TABLE = `
  SELECT c.oid::int8::text AS oid, c.relname AS name
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = $1 AND c.relname = $2::name AND c.relkind IN ('r', 'p')`;

const COLUMNS = `
  SELECT wanted.name AS wanted, a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type
    FROM unnest($2::text[]) AS wanted(name)
    JOIN pg_catalog.pg_attribute a ON a.attname = wanted.name::name
   WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped`;

/** Describes the raw table of a replica table; null where there is none. */
export async function describeRaw(
  client: PoolClient,
  schema: string,
  replica: { readonly name: string; readonly columns: readonly ColumnDescription[] },
): Promise<RawTable | null> {
  const tables = await client.query<{ oid: string; name: string }>(TABLE, [schema, replica.name]);
  const [table] = tables.rows;
  if (!table) return null;
  const names = [...replica.columns.map(({ name }) => name), DELETED_AT];
  const { rows } = await client.query<{ wanted: string; name: string; type: string }>(COLUMNS, [table.oid, names]);
  const columns = rows.map(({ wanted, name, type }): [string, RawColumn] => {
    const quoted = escapeIdentifier(name);
    return [wanted, { name: quoted, type, expression: asLoaded(`t.${quoted}`, type) }];
  });
  const byName = new Map(columns);
  const marksDeleted = byName.delete(DELETED_AT);
  return { qualified: `${escapeIdentifier(schema)}.${escapeIdentifier(table.name)}`, columns: byName, marksDeleted };
}

function asLoaded(value: string, type: string): string {
  if (/^timestamp.* with time zone$/.test(type)) return `(${value} AT TIME ZONE 'UTC')`;
  if (type === 'boolean') return `${value}::int`;
  return type === 'real' ? `${value}::float8` : value;
}

const TEXT_TYPES = /^(text|character varying|character|"char"|name)\b/;

/** SQL that puts raw's rows in the order in which MySQL is asked for the replica's. */
export function rawOrder(column: ColumnDescription, { name, type }: RawColumn): string {
  const value = `t.${name}`;
  switch (columnForm(column)) {
    case 'integer':
    case 'decimal':
    case 'year':
    case 'float':
    case 'double':
      return TEXT_TYPES.test(type) ? `${value}::numeric` : value;
    case 'text':
    case 'enum':
    case 'json':
      return TEXT_TYPES.test(type) ? `${value} COLLATE "C"` : `${value}::text COLLATE "C"`;
    default:
      return TEXT_TYPES.test(type) ? `${value} COLLATE "C"` : value;
  }
}

/** SQL of a key's text, given as `sql`, in the type of raw's column. */
export function rawKeyValue(column: ColumnDescription, { type }: RawColumn, sql: string): string {
  if (type === 'boolean') return `(${sql})::int::boolean`;
  return columnForm(column) === 'bit' && /^bit\b/.test(type) ? `(${sql})::${type}` : `(${sql})::${type}`;
}
