import { TidemarkError } from '@tidemark/errors';
import type { TableDescription } from '@tidemark/mysql';
import { TRACKING_TABLES } from '@tidemark/tracking';
import type { PoolClient } from 'pg';

import { alterRaw } from './alter-raw.ts';
import { describeRaw } from './describe-raw.ts';
import { postgresName, qualifiedName } from './postgres-name.ts';
import { DELETED_AT_COLUMN, type RawTarget, type TargetColumn } from './raw-target.ts';
import { reconcileColumns } from './reconcile-columns.ts';
import { targetColumns } from './target-columns.ts';
import type { DeletePolicy } from './types.ts';

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
 * @throws TidemarkError SCHEMA_INCOMPATIBLE when that takes a decision, DUPLICATE_KEY when raw holds a key twice
 */
export async function prepareRaw(client: PoolClient, input: PrepareInput): Promise<RawTarget> {
  const name = postgresName(input.replicaTable.name);
  refuseTrackingTable(name);
  const wanted = targetColumns(name, input.replicaTable.columns, input.key);
  const existing = await describeRaw(client, input.schema, name);
  const base = { schema: input.schema, name, qualified: qualifiedName(input.schema, name) };
  if (!existing) {
    const created = { exists: false, hasRows: false, changed: true, marksDeleted: input.deletes === 'flag' };
    return { ...base, ...created, columns: wanted, keyColumns: inKeyOrder(wanted, input.key) };
  }
  const changes = reconcileColumns(wanted, existing.columns);
  if (changes.obstacles.length > 0) throw incompatible(base.qualified, name, changes.obstacles);
  const target: RawTarget = {
    ...base,
    columns: changes.columns,
    keyColumns: inKeyOrder(changes.columns, input.key),
    exists: true,
    hasRows: await holdsRows(client, base.qualified),
    changed: changes.add.length > 0 || changes.widen.length > 0,
    marksDeleted: input.deletes === 'flag' || existing.columns.some((column) => column.name === DELETED_AT_COLUMN),
  };
  await alterRaw(client, target, existing, changes);
  return target;
}

function inKeyOrder(columns: readonly TargetColumn[], key: readonly string[]): TargetColumn[] {
  return key.flatMap((name) => columns.filter((column) => column.source.name === name));
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

function incompatible(qualified: string, table: string, obstacles: readonly string[]): TidemarkError {
  return new TidemarkError('SCHEMA_INCOMPATIBLE', {
    message: `warehouse: ${obstacles.join('; ')}`,
    hint: `Change the columns by hand (ALTER TABLE ${qualified} …) or drop the table, then run \`tidemark load ${table} --full-refresh\`.`,
    table,
  });
}
