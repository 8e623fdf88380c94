import type { PoolClient } from 'pg';

import { qualifiedName } from './postgres-name.ts';

/** A view that reads a column of raw, directly or through other views. */
export interface ReadingView {
  readonly schema: string;
  readonly name: string;
  readonly materialized: boolean;
}

/** Farthest from the table first: the order in which they can be dropped. */
const READING_VIEWS = `
  WITH RECURSIVE reading (view, distance) AS (
    SELECT r.ev_class, 1
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_catalog.pg_rewrite'::regclass
      JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
     WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = $1 AND a.attname = ANY ($2)
    UNION
    SELECT r.ev_class, reading.distance + 1
      FROM reading
      JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = reading.view
      JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_catalog.pg_rewrite'::regclass
     WHERE r.ev_class <> reading.view
  )
  SELECT n.nspname AS schema, c.relname AS name, c.relkind = 'm' AS materialized
    FROM reading
    JOIN pg_catalog.pg_class c ON c.oid = reading.view
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   GROUP BY n.nspname, c.relname, c.relkind
   ORDER BY max(reading.distance) DESC, n.nspname, c.relname`;

export async function viewsReading(
  client: PoolClient,
  table: { readonly oid: number },
  columns: readonly string[],
): Promise<ReadingView[]> {
  const { rows } = await client.query<ReadingView>(READING_VIEWS, [table.oid, columns]);
  return rows;
}

/** Their names for people. */
export function viewNames(views: readonly ReadingView[]): string {
  return views.map(({ schema, name }) => `${schema}.${name}`).join(', ');
}

/** The statements that drop them and nothing else, to be run by whoever owns them. */
export function dropViews(views: readonly ReadingView[]): string {
  return views
    .map(({ schema, name, materialized }) => {
      const kind = materialized ? 'MATERIALIZED VIEW' : 'VIEW';
      return `DROP ${kind} ${qualifiedName(schema, name)}`;
    })
    .join('; ');
}
