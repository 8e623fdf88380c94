import { classifyDriverError } from '@tidemark/errors';
import { quoteName as quote } from '@tidemark/loader';
import { securedTables, type LoadSession, type SecuredTable } from '@tidemark/tracking';

import { plural } from '@tidemark/command-line/render';
import { someOf } from './check-source.ts';
import { findingsOf, type Finding } from './finding.ts';

const find = findingsOf('warehouse');

/** Runs that load a big table first need longer than this for one statement. */
const LEAST_STATEMENT_SECONDS = 600;

const FACTS = `
  SELECT current_setting('server_version') AS version,
         current_setting('server_encoding') AS encoding,
         current_setting('TimeZone') AS time_zone,
         (SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout') AS statement_ms,
         (SELECT setting::bigint FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout') AS idle_ms,
         pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS read_only,
         current_user AS user_name,
         current_database() AS database_name,
         has_database_privilege(current_database(), 'CREATE') AS may_create_schema,
         has_database_privilege(current_database(), 'TEMPORARY') AS may_create_temporary,
         to_regnamespace(quote_ident($1)) IS NOT NULL AS schema_exists,
         COALESCE(has_schema_privilege(to_regnamespace(quote_ident($1)), 'USAGE'), false) AS may_use,
         COALESCE(has_schema_privilege(to_regnamespace(quote_ident($1)), 'CREATE'), false) AS may_create,
         (SELECT count(*)::int FROM pg_class
           WHERE relnamespace = to_regnamespace(quote_ident($1)) AND relkind IN ('r', 'p')
             AND NOT pg_has_role(relowner, 'USAGE')) AS owned_by_others`;

interface WarehouseFacts {
  readonly version: string;
  readonly encoding: string;
  readonly time_zone: string;
  /** Milliseconds as text; 0 for none. */
  readonly statement_ms: string;
  readonly idle_ms: string;
  readonly read_only: boolean;
  readonly user_name: string;
  readonly database_name: string;
  readonly may_create_schema: boolean;
  readonly may_create_temporary: boolean;
  readonly schema_exists: boolean;
  readonly may_use: boolean;
  readonly may_create: boolean;
  readonly owned_by_others: number;
}

export async function checkWarehouse(session: LoadSession, schema: string): Promise<Finding[]> {
  const [facts, secured] = [await readFacts(session, schema), await readSecured(session, schema)];
  return [
    find.ok('version', `PostgreSQL ${facts.version}`),
    find.info('settings', `time zone ${facts.time_zone}; sessions of Tidemark set their own`),
    ...checkSettings(facts),
    ...checkRights(facts, schema),
    ...checkRowSecurity(secured),
  ];
}

async function readFacts({ client }: LoadSession, schema: string): Promise<WarehouseFacts> {
  try {
    const { rows } = await client.query<WarehouseFacts>(FACTS, [schema]);
    const [facts] = rows;
    if (facts) return facts;
  } catch (error) {
    throw classifyDriverError(error, 'warehouse');
  }
  throw classifyDriverError(null, 'warehouse');
}

async function readSecured({ client }: LoadSession, schema: string): Promise<SecuredTable[]> {
  try {
    return await securedTables(client, schema);
  } catch (error) {
    throw classifyDriverError(error, 'warehouse');
  }
}

/** Also of the tracking tables: they stand in the same schema, and a hidden record is taken for none. */
function checkRowSecurity(secured: readonly SecuredTable[]): Finding[] {
  const hiding = secured.filter(({ hides }) => hides);
  const [first] = hiding;
  if (!first) return [];
  return [
    find.error(
      'row-security',
      `row level security hides rows of ${plural(hiding.length, 'table')} from the user, or refuses some: ${someOf(hiding.map(({ table }) => table))}`,
      `${first.mends.join('; or for each: ')};`,
    ),
  ];
}

function checkSettings(facts: WarehouseFacts): Finding[] {
  const statementSeconds = Number(facts.statement_ms) / 1000;
  const user = quote(facts.user_name);
  const isShort = statementSeconds > 0 && statementSeconds < LEAST_STATEMENT_SECONDS;
  return [
    ...(facts.encoding === 'UTF8'
      ? []
      : [
          find.error(
            'encoding',
            `the database has the encoding ${facts.encoding}, which cannot hold every text of the source`,
            "Create the database anew: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0;",
          ),
        ]),
    ...(facts.read_only
      ? [find.error('read-only', 'the server takes no writes', 'Point the settings at the primary.')]
      : []),
    ...(isShort
      ? [
          find.warning(
            'statement-timeout',
            `a statement may run for ${statementSeconds} s only: the first load of a big table may need longer`,
            `ALTER ROLE ${user} SET statement_timeout = 0;`,
          ),
        ]
      : []),
    ...(Number(facts.idle_ms) > 0
      ? [
          find.warning(
            'idle-timeout',
            `a transaction may be idle for ${Number(facts.idle_ms) / 1000} s only: one that waits for the replica may be ended`,
            `ALTER ROLE ${user} SET idle_in_transaction_session_timeout = 0;`,
          ),
        ]
      : []),
  ];
}

function checkRights(facts: WarehouseFacts, schema: string): Finding[] {
  const user = quote(facts.user_name);
  const database = quote(facts.database_name);
  const missing = [
    ...(facts.may_create_temporary
      ? []
      : [{ what: 'create temporary tables', mend: `GRANT TEMPORARY ON DATABASE ${database} TO ${user};` }]),
    ...(facts.schema_exists || facts.may_create_schema
      ? []
      : [{ what: `create the schema ${schema}`, mend: `CREATE SCHEMA ${quote(schema)} AUTHORIZATION ${user};` }]),
    ...(facts.schema_exists && !(facts.may_use && facts.may_create)
      ? [
          {
            what: `create tables in the schema ${schema}`,
            mend: `GRANT USAGE, CREATE ON SCHEMA ${quote(schema)} TO ${user};`,
          },
        ]
      : []),
    ...(facts.owned_by_others > 0
      ? [
          {
            what: `change ${facts.owned_by_others} tables of the schema ${schema}, which belong to others`,
            mend: `ALTER TABLE … OWNER TO ${user}; for each, or GRANT their owner TO ${user};`,
          },
        ]
      : []),
  ];
  if (missing.length === 0) return [find.ok('rights', `tables can be created and changed in the schema ${schema}`)];
  return missing.map(({ what, mend }) => find.error('rights', `the user may not ${what}`, mend));
}
