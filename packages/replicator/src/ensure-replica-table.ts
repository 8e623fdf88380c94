import { TidemarkError } from '@tidemark/errors';
import { quoteMysqlIdentifier } from '@tidemark/incremental';
import { describeTables, SEQUENCE_COLUMN, type MysqlSession, type TableDescription } from '@tidemark/mysql';

import { reconcileReplica, type ReplicaChange } from './reconcile-replica.ts';
import {
  createReplicaTable,
  replicaColumn,
  sequenceColumn,
  stampIndexes,
  STORAGE,
  type ReplicaAbilities,
} from './replica-ddl.ts';
import { runDdl } from './run-ddl.ts';

export interface EnsureInput {
  readonly source: TableDescription;
  readonly key: readonly string[];
  readonly indexed: readonly string[];
  /** Rebuild the replica table where the source's columns cannot be followed (--full-refresh). */
  readonly rebuild: boolean;
}

export interface ReplicaTable {
  readonly description: TableDescription;
  /** True when the table was created by this call: nothing of earlier runs is in it. */
  readonly created: boolean;
  /** True when this call added a column of the source: no row has its value yet. */
  readonly gained: boolean;
}

/**
 * Makes the replica table able to take the source's rows: creates it, adds columns, widens types.
 *
 * DDL commits by itself in MySQL, so this happens before the run's transaction; each step leaves a table that both the
 * old and the new state of tracking describe correctly.
 *
 * @throws TidemarkError SCHEMA_INCOMPATIBLE when columns were dropped, narrowed or the key changed
 */
export async function ensureReplicaTable(replica: MysqlSession, input: EnsureInput): Promise<ReplicaTable> {
  const abilities = await readAbilities(replica);
  const existing = await describeOne(replica, input.source.name);
  if (!existing) return create(replica, input, abilities);
  const { changes, obstacles } = reconcileReplica(input.source, existing, input.key, abilities);
  if (obstacles.length > 0) {
    if (!input.rebuild) throw incompatible(input.source.name, obstacles);
    await runDdl(replica, input.source.name, `DROP TABLE ${quoteMysqlIdentifier(input.source.name)}`);
    return create(replica, input, abilities);
  }
  if (changes.length === 0) return { description: existing, created: false, gained: false };
  const steps = changes.flatMap((change) => alterSteps(change, { input, existing, abilities }));
  const table = quoteMysqlIdentifier(input.source.name);
  await runDdl(replica, input.source.name, `ALTER TABLE ${table} ${steps.join(', ')}`);
  const description = (await describeOne(replica, input.source.name)) ?? existing;
  return { description, created: false, gained: changes.some(({ kind }) => kind === 'add') };
}

async function create(replica: MysqlSession, input: EnsureInput, abilities: ReplicaAbilities): Promise<ReplicaTable> {
  await runDdl(replica, input.source.name, createReplicaTable({ ...input, abilities }));
  const description = await describeOne(replica, input.source.name);
  if (description) return { description, created: true, gained: false };
  throw new TidemarkError('TABLE_CHANGED_DURING_RUN', {
    message: 'replica: the table just created is not there',
    hint: 'Something else drops tables in the replica database: it must belong to Tidemark alone.',
    table: input.source.name,
  });
}

export async function describeOne(session: MysqlSession, table: string): Promise<TableDescription | null> {
  const found = await describeTables(session, [table]);
  return found.find((description) => description.name === table) ?? found[0] ?? null;
}

export async function readAbilities(replica: MysqlSession): Promise<ReplicaAbilities> {
  const rows = await replica.query('SELECT COLLATION_NAME AS name FROM information_schema.COLLATIONS');
  return {
    collations: new Set(rows.map((row) => row['name']?.toLowerCase() ?? '')),
    hasJson: replica.facts.flavor === 'mysql',
  };
}

interface AlterContext {
  readonly input: EnsureInput;
  readonly existing: TableDescription;
  readonly abilities: ReplicaAbilities;
}

function alterSteps(change: ReplicaChange, { input, existing, abilities }: AlterContext): string[] {
  const context = { key: input.key, abilities };
  switch (change.kind) {
    case 'add':
      return [`ADD COLUMN ${replicaColumn(change.column, context)}`];
    case 'widen':
    case 'stop_stamping':
      return [`MODIFY COLUMN ${replicaColumn(change.column, context)}`];
    case 'add_sequence':
      return [
        `ADD COLUMN ${sequenceColumn()}`,
        `ADD KEY ${quoteMysqlIdentifier(SEQUENCE_COLUMN)} (${quoteMysqlIdentifier(SEQUENCE_COLUMN)})`,
        ...stampIndexes({ ...input, abilities }, existing.indexes).map((index) => `ADD ${index}`),
      ];
    case 'add_key':
      return [`ADD PRIMARY KEY (${input.key.map(quoteMysqlIdentifier).join(', ')})`];
    case 'make_transactional':
      return [STORAGE];
    default:
      return change satisfies never;
  }
}

function incompatible(table: string, obstacles: readonly string[]): TidemarkError {
  return new TidemarkError('SCHEMA_INCOMPATIBLE', {
    message: `the source table changed in a way that cannot be followed by itself: ${obstacles.join('; ')}`,
    hint: `Look at the change, then run \`tidemark run ${table} --full-refresh\`: it rebuilds the replica table from the source.`,
    table,
  });
}
