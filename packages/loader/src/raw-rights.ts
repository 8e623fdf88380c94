import type { PoolClient } from 'pg';

/** What the user may do with a raw table. */
export interface RawRights {
  /** Quoted. */
  readonly user: string;
  readonly mayRead: boolean;
  readonly mayWrite: boolean;
  /** PostgreSQL lets only the owner, and its members, change a table. */
  readonly mayAlter: boolean;
}

export async function readRawRights(client: PoolClient, { oid }: { readonly oid: number }): Promise<RawRights> {
  const { rows } = await client.query<RawRights>(
    `SELECT quote_ident(current_user) AS "user", has_table_privilege(c.oid, 'SELECT') AS "mayRead",
            has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE')
              AND has_table_privilege(c.oid, 'DELETE') AS "mayWrite",
            pg_has_role(c.relowner, 'USAGE') AS "mayAlter"
       FROM pg_catalog.pg_class c WHERE c.oid = $1`,
    [oid],
  );
  return rows[0] ?? { user: '', mayRead: false, mayWrite: false, mayAlter: false };
}
