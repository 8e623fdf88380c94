import { TidemarkError } from '@tidemark/errors';
import { escapeIdentifier, type ClientBase } from 'pg';

import { TRACKING_TABLES } from './table-names.ts';

/** A table whose row level security applies to this user. */
export interface SecuredTable {
  readonly table: string;
  /** Whether some rows may be hidden, or some writes refused: no policy shows and allows everything. */
  readonly hides: boolean;
  /** The statements that open it, each by itself; without the trailing semicolon. */
  readonly mends: readonly string[];
}

/**
 * Which rows a policy hides cannot be counted by the one that they are hidden from. So a policy counts as open only
 * where it says `true`, and every command needs an open one and no restrictive one that is not.
 */
const SECURED = `
  WITH secured AS (
    SELECT c.oid, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND ($2::text IS NULL OR c.relname = $2::name)
       AND row_security_active(c.oid)),
  policy AS (
    SELECT p.polrelid AS oid, p.polpermissive AS permissive, p.polcmd AS command,
           COALESCE(pg_get_expr(p.polqual, p.polrelid), 'true') = 'true'
             AND COALESCE(pg_get_expr(p.polwithcheck, p.polrelid), pg_get_expr(p.polqual, p.polrelid)) = 'true' AS open
      FROM pg_catalog.pg_policy p JOIN secured s ON s.oid = p.polrelid
     WHERE EXISTS (SELECT FROM unnest(p.polroles) AS role(oid)
                    WHERE CASE role.oid WHEN 0 THEN true ELSE pg_has_role(role.oid, 'USAGE') END))
  SELECT s.relname::text AS "table", current_user::text AS "user",
         EXISTS (SELECT FROM policy WHERE policy.oid = s.oid AND NOT permissive AND open IS NOT TRUE) AS restricted,
         EXISTS (SELECT FROM unnest('{r,a,w,d}'::"char"[]) AS needed(command)
                  WHERE NOT EXISTS (SELECT FROM policy WHERE policy.oid = s.oid AND permissive AND open
                                       AND policy.command IN ('*', needed.command))) AS closed
    FROM secured s ORDER BY s.relname`;

interface SecuredRow {
  readonly table: string;
  readonly user: string;
  readonly restricted: boolean;
  readonly closed: boolean;
}

/** The tables of a schema, or one of them, whose row level security applies to the user of this connection. */
export async function securedTables(client: ClientBase, schema: string, table?: string): Promise<SecuredTable[]> {
  const { rows } = await client.query<SecuredRow>(SECURED, [schema, table ?? null]);
  return rows.map((row) => ({ table: row.table, hides: row.restricted || row.closed, mends: mendsOf(row, schema) }));
}

function mendsOf({ table, user, restricted }: SecuredRow, schema: string): string[] {
  const role = escapeIdentifier(user);
  const qualified = `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;
  // What a restrictive policy hides, no other policy shows.
  const policies = restricted ? [] : [`CREATE POLICY tidemark ON ${qualified} TO ${role} USING (true)`];
  return [`ALTER ROLE ${role} BYPASSRLS`, ...policies];
}

/**
 * Whether row level security applies to the user in this table, where it hides nothing.
 *
 * @throws TidemarkError RIGHT_MISSING where it may hide rows: what is not seen would be taken for missing
 */
export async function refuseHiddenRows(client: ClientBase, schema: string, table: string): Promise<boolean> {
  const [secured] = await securedTables(client, schema, table);
  if (secured?.hides === true) {
    throw new TidemarkError('RIGHT_MISSING', { ...hiddenRows(schema, secured), table });
  }
  return secured !== undefined;
}

/** @throws TidemarkError RIGHT_MISSING where a record may be hidden: it would be taken for one that was never made */
export async function refuseHiddenRecords(client: ClientBase, schema: string): Promise<void> {
  const ours = Object.values<string>(TRACKING_TABLES);
  const hidden = (await securedTables(client, schema)).find(({ table, hides }) => hides && ours.includes(table));
  if (hidden) throw new TidemarkError('RIGHT_MISSING', hiddenRows(schema, hidden));
}

/** What is told of a table that hides rows. */
export function hiddenRows(
  schema: string,
  { table, mends }: SecuredTable,
): { readonly message: string; readonly hint: string } {
  const statements = mends.map((statement) => `\`${statement};\``).join(', or let its owner run ');
  return {
    message: `warehouse: row level security of ${schema}.${table} hides rows from this user, or refuses some`,
    hint: `Let a superuser run ${statements}; then run again. Hidden rows would be taken for missing.`,
  };
}
