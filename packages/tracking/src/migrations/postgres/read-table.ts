import { TidemarkError } from '@tidemark/errors';
import type { QueryRunner } from 'typeorm';

export interface ExistingColumn {
  readonly name: string;
  readonly dataType: string;
  readonly nullable: boolean;
  /** A default, or an identity. */
  readonly filled: boolean;
  /** A view reads it: PostgreSQL does not let its type be changed. */
  readonly viewed: boolean;
}

export interface ExistingTable {
  readonly columns: readonly ExistingColumn[];
  /** Column lists of the unique indexes over whole tables, in order, joined by a comma. */
  readonly unique: readonly string[];
  /** The same of all indexes. */
  readonly indexed: readonly string[];
  readonly hasPrimaryKey: boolean;
}

/** What a tracking table looks like now; null when there is none. @throws TidemarkError when the name is a view's */
export async function readTable(runner: QueryRunner, schema: string, name: string): Promise<ExistingTable | null> {
  const relations: { oid: string; kind: string }[] = await runner.query(
    `SELECT c.oid::text AS oid, c.relkind AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2`,
    [schema, name],
  );
  const relation = relations[0];
  if (!relation) return null;
  if (relation.kind !== 'r') {
    throw new TidemarkError('SCHEMA_INCOMPATIBLE', {
      message: `warehouse: ${schema}.${name} exists and is not an ordinary table`,
      hint: `Rename or drop it (an old dbt model may have made it a view), then run \`tidemark migrate\` again.`,
      table: name,
    });
  }
  return { columns: await readColumns(runner, relation.oid), ...(await readIndexes(runner, relation.oid)) };
}

function readColumns(runner: QueryRunner, oid: string): Promise<ExistingColumn[]> {
  return runner.query(
    `SELECT a.attname AS "name", format_type(a.atttypid, NULL) AS "dataType", NOT a.attnotnull AS "nullable",
       a.atthasdef OR a.attidentity <> '' AS "filled",
       EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
         AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum) AS "viewed"
     FROM pg_attribute a WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [oid],
  );
}

async function readIndexes(
  runner: QueryRunner,
  oid: string,
): Promise<Pick<ExistingTable, 'unique' | 'indexed' | 'hasPrimaryKey'>> {
  const indexes: { columns: string; isUnique: boolean; isPrimary: boolean }[] = await runner.query(
    `SELECT string_agg(a.attname, ',' ORDER BY k.position) AS "columns", i.indisunique AS "isUnique",
       i.indisprimary AS "isPrimary"
     FROM pg_index i
     CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, position)
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
     WHERE i.indrelid = $1::oid AND i.indpred IS NULL AND i.indexprs IS NULL
     GROUP BY i.indexrelid, i.indisunique, i.indisprimary`,
    [oid],
  );
  return {
    unique: indexes.filter((index) => index.isUnique).map((index) => index.columns),
    indexed: indexes.map((index) => index.columns),
    hasPrimaryKey: indexes.some((index) => index.isPrimary),
  };
}
