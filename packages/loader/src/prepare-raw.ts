import { TidemarkError } from '@tidemark/errors';
import type { TableDescription } from '@tidemark/mysql';
import { refuseHiddenRows, TRACKING_TABLES } from '@tidemark/tracking';
import type { PoolClient } from 'pg';

import { alterRaw } from './alter-raw.ts';
import { describeRaw, type RawTable } from './describe-raw.ts';
import { hinderingKey } from './hindering-key.ts';
import { postgresName, qualifiedName, quoteName } from './postgres-name.ts';
import { DELETED_AT_COLUMN, inKeyOrder, type RawTarget } from './raw-target.ts';
import { reconcileColumns, type Obstacle } from './reconcile-columns.ts';
import { targetColumns } from './target-columns.ts';
import type { DeletePolicy } from './types.ts';
import { dropViews, viewNames, viewsReading } from './views-on-raw.ts';

export interface PrepareInput {
  readonly schema: string;
  readonly replicaTable: TableDescription;
  readonly key: readonly string[];
  readonly deletes: DeletePolicy;
}

/**
 * Makes an existing raw table able to take the replica's rows: adds columns, widens types, makes sure of the key. A
 * table that does not exist is only described: the load creates it in its own transaction.
 *
 * @throws TidemarkError SCHEMA_INCOMPATIBLE when that takes a decision, DUPLICATE_KEY when raw holds a key twice,
 *   RIGHT_MISSING when its row level security hides rows from us
 */
export async function prepareRaw(client: PoolClient, input: PrepareInput): Promise<RawTarget> {
  const name = postgresName(input.replicaTable.name);
  refuseTrackingTable(name);
  const wanted = targetColumns(name, input.replicaTable.columns, input.key);
  const existing = await describeRaw(client, input.schema, name);
  const base = { schema: input.schema, name, qualified: qualifiedName(input.schema, name) };
  if (!existing) {
    const created = {
      exists: false,
      hasRows: false,
      takesCopy: true,
      changed: true,
      marksDeleted: input.deletes === 'flag',
    };
    return { ...base, ...created, columns: wanted, keyColumns: inKeyOrder(wanted, input.key) };
  }
  const isSecured = await refuseHiddenRows(client, input.schema, name);
  const changes = reconcileColumns(wanted, existing.columns);
  if (changes.obstacles.length > 0) throw await incompatible(client, { ...base, existing }, changes.obstacles);
  const target: RawTarget = {
    ...base,
    columns: changes.columns,
    keyColumns: inKeyOrder(changes.columns, input.key),
    exists: true,
    hasRows: await holdsRows(client, base.qualified),
    takesCopy: !isSecured,
    changed: changes.add.length > 0 || changes.widen.length > 0,
    marksDeleted: input.deletes === 'flag' || existing.columns.some((column) => column.name === DELETED_AT_COLUMN),
  };
  refuseOtherKey(target, existing);
  await alterRaw(client, target, existing, changes);
  return target;
}

async function holdsRows(client: PoolClient, qualified: string): Promise<boolean> {
  // Not COUNT: this must not cost more for a big table.
  const { rows } = await client.query<{ found: boolean }>(`SELECT EXISTS (SELECT FROM ${qualified}) AS found`);
  return rows[0]?.found === true;
}

function refuseTrackingTable(name: string): void {
  if (!Object.values<string>(TRACKING_TABLES).includes(name)) return;
  throw new TidemarkError('SCHEMA_INCOMPATIBLE', {
    message: `warehouse: ${name} is the name of one of Tidemark's own tables`,
    hint: 'Leave this table out of the load (--exclude).',
    table: name,
  });
}

/**
 * A primary key on other columns would refuse rows that the replica's key allows. It goes when a person says so.
 *
 * @throws TidemarkError SCHEMA_INCOMPATIBLE
 */
function refuseOtherKey(target: RawTarget, existing: RawTable): void {
  const primaryKey = hinderingKey(existing, target);
  if (primaryKey === null) return;
  const wanted = target.keyColumns.map(({ name }) => name).join(', ');
  const { qualified, name: table } = target;
  throw new TidemarkError('SCHEMA_INCOMPATIBLE', {
    message: `warehouse: the key is (${wanted}) in the replica and (${primaryKey.columns.join(', ')}) in raw`,
    hint: `Run \`TRUNCATE ${qualified}; ALTER TABLE ${qualified} DROP CONSTRAINT ${quoteName(primaryKey.constraint)}\`, then \`tidemark load ${table} --full-refresh\`: it fills the table again. Views on it stay.`,
    table,
  });
}

interface Stopped extends Pick<RawTarget, 'name' | 'qualified'> {
  readonly existing: RawTable;
}

/** Says what to run: what is dropped comes back with the load, as the type that it needs. */
async function incompatible(
  client: PoolClient,
  { existing, name: table, qualified }: Stopped,
  obstacles: readonly Obstacle[],
): Promise<TidemarkError> {
  const names = obstacles.map(({ column }) => column);
  const views = await viewsReading(client, existing, names);
  const drops = [...new Set(names)].map((name) => `DROP COLUMN ${quoteName(name)}`).join(', ');
  const statements = [
    ...(views.length > 0 ? [dropViews(views)] : []),
    ...(obstacles.some(({ isKey }) => isKey) ? [`TRUNCATE ${qualified}`] : []),
    `ALTER TABLE ${qualified} ${drops}`,
  ];
  const read = views.length > 0 ? `; views read it: ${viewNames(views)}` : '';
  const build = views.length > 0 ? ', and build the views anew with `dbt run`' : '';
  return new TidemarkError('SCHEMA_INCOMPATIBLE', {
    message: `warehouse: ${obstacles.map(({ why }) => why).join('; ')}${read}`,
    hint: `Run \`${statements.join('; ')}\`, then \`tidemark load ${table} --full-refresh\`: it brings the values back${build}.`,
    table,
  });
}
