import { TidemarkError } from '@tidemark/errors';
import { describeTables, SEQUENCE_COLUMN, type MysqlSession, type TableDescription } from '@tidemark/mysql';

import { postgresName } from './postgres-name.ts';
import { readCopyState, type CopyState } from './read-copy-state.ts';
import type { LoadInput } from './types.ts';

/** The replica's side of a load. */
export interface ReplicaTable {
  readonly description: TableDescription;
  readonly key: readonly string[];
  /** Whether rows carry the copy sequence; false for a replica that Tidemark did not build. */
  readonly hasSequence: boolean;
  /** Always there, with a sequence, when `hasSequence`. */
  readonly copy: CopyState | null;
}

/** The table, or why there is nothing to load from. */
export type FoundReplicaTable = { readonly found: ReplicaTable } | { readonly skip: string };

/** @throws TidemarkError TABLE_WITHOUT_KEY, CONFIG_INVALID when the configured key is not in the table */
export async function findReplicaTable(replica: MysqlSession, input: LoadInput): Promise<FoundReplicaTable> {
  const described = await describeTables(replica, [input.table]);
  const description = described.find((table) => table.name === input.table) ?? described[0];
  if (!description) return { skip: 'Not copied yet: the replica has no table of this name.' };
  const hasSequence = description.columns.some((column) => column.name === SEQUENCE_COLUMN);
  const copy = await readCopyState(replica, input.table);
  if (hasSequence && copy?.succeeded !== true) return { skip: 'Not copied yet: no copy of this table has finished.' };
  if (copy?.incomplete === true) return { skip: 'Not copied yet: a copy from scratch has begun and not finished.' };
  await refuseSharedName(replica, description.name);
  return { found: { description, key: keyOf(description, input), hasSequence, copy } };
}

function keyOf(description: TableDescription, input: LoadInput): readonly string[] {
  const key = input.settings.primaryKey?.map((name) => spelling(name, description)) ?? description.key;
  if (key.length > 0) return key;
  throw new TidemarkError('TABLE_WITHOUT_KEY', {
    message: 'replica: the table has no primary key and no unique index without NULL',
    hint: 'Name the columns that identify a row in tables.yml (primary_key).',
    table: description.name,
  });
}

/** MySQL compares column names without case; what goes on is the table's own spelling. */
function spelling(name: string, { name: table, columns }: TableDescription): string {
  const column = columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (column) return column.name;
  throw new TidemarkError('CONFIG_INVALID', {
    message: `key column ${name} is not in the replica table`,
    hint: 'Correct primary_key of this table in tables.yml.',
    table,
  });
}

/** Names beyond 63 bytes are cut in raw: two tables of the replica must not become one there. */
async function refuseSharedName(replica: MysqlSession, table: string): Promise<void> {
  const cut = postgresName(table);
  if (cut === table) return;
  const rows = await replica.query('SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?', [
    replica.database,
  ]);
  const other = rows.map((row) => row['name'] ?? '').find((name) => name !== table && postgresName(name) === cut);
  if (other === undefined) return;
  throw new TidemarkError('SCHEMA_INCOMPATIBLE', {
    message: `warehouse: the tables ${table} and ${other} have the same name once PostgreSQL has cut it to 63 bytes`,
    hint: 'Leave one of them out of the load (--exclude).',
    table,
  });
}
