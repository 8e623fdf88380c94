import { TidemarkError } from '@tidemark/errors';
import { quoteMysqlIdentifier } from '@tidemark/incremental';
import { describeTables, SEQUENCE_COLUMN, type MysqlSession, type TableDescription } from '@tidemark/mysql';

import { isView } from './is-view.ts';
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
  /** Copy sequence of rows that are there and have lost theirs, or never had one. */
  readonly sequenceOfRows: string;
  /**
   * Awaited before a column of the source is added to rows that are there: should the run not come to its end, the next
   * one must not take them for filled.
   */
  readonly beforeGaining: () => Promise<void>;
  /** OpenDental is moving the table's rows: some are missing, so nothing is rebuilt from it now. */
  readonly isBeingMoved: boolean;
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
 * @throws TidemarkError SCHEMA_INCOMPATIBLE when columns were dropped, narrowed or the key changed, or a view has its name
 */
export async function ensureReplicaTable(replica: MysqlSession, input: EnsureInput): Promise<ReplicaTable> {
  const abilities = await readAbilities(replica);
  const existing = await describeOne(replica, input.source.name);
  if (!existing) return create(replica, input, abilities);
  const { changes, obstacles } = reconcileReplica(input.source, existing, input.key, abilities);
  if (obstacles.length > 0) {
    return rebuild(replica, input, { abilities, obstacles });
  }
  if (changes.length === 0) return { description: existing, created: false, gained: false };
  const steps = changes.flatMap((change) => alterSteps(change, { input, existing, abilities }));
  const gained = changes.some(({ kind }) => kind === 'add');
  if (gained) await input.beforeGaining();
  const table = quoteMysqlIdentifier(input.source.name);
  try {
    await runDdl(replica, input.source.name, `ALTER TABLE ${table} ${steps.join(', ')}`);
  } catch (error) {
    const hadKey = changes.every(({ kind }) => kind !== 'add_key');
    if (!hadKey || !(error instanceof TidemarkError) || error.code !== 'DUPLICATE_KEY') throw error;
    const twice = 'rows of the replica have one key by the collation that the key has in the source now';
    return rebuild(replica, input, { abilities, obstacles: [twice] });
  }
  const description = (await describeOne(replica, input.source.name)) ?? existing;
  return { description, created: false, gained };
}

/** @throws TidemarkError SCHEMA_INCOMPATIBLE unless it was asked for, and the source's rows are all there */
async function rebuild(
  replica: MysqlSession,
  input: EnsureInput,
  { abilities, obstacles }: { readonly abilities: ReplicaAbilities; readonly obstacles: readonly string[] },
): Promise<ReplicaTable> {
  if (!input.rebuild || input.isBeingMoved) throw incompatible(input, obstacles);
  await runDdl(replica, input.source.name, `DROP TABLE ${quoteMysqlIdentifier(input.source.name)}`);
  return create(replica, input, abilities);
}

async function create(replica: MysqlSession, input: EnsureInput, abilities: ReplicaAbilities): Promise<ReplicaTable> {
  await refuseView(replica, input.source.name);
  await runDdl(replica, input.source.name, createReplicaTable({ ...input, abilities }));
  const description = await describeOne(replica, input.source.name);
  if (description) return { description, created: true, gained: false };
  throw new TidemarkError('TABLE_CHANGED_DURING_RUN', {
    message: 'replica: the table just created is not there',
    hint: 'Something else drops tables in the replica database: it must belong to Tidemark alone.',
    table: input.source.name,
  });
}

/** @throws TidemarkError SCHEMA_INCOMPATIBLE */
async function refuseView(replica: MysqlSession, table: string): Promise<void> {
  if (!(await isView(replica, table))) return;
  throw new TidemarkError('SCHEMA_INCOMPATIBLE', {
    message: `replica: ${table} is a view`,
    hint: 'Drop or rename it: the copy writes a table of this name.',
    table,
  });
}

export async function describeOne(session: MysqlSession, table: string): Promise<TableDescription | null> {
  const found = await describeTables(session, [table]);
  return found.find((description) => description.name === table) ?? found[0] ?? null;
}

/** Asks the replica what it can store. */
export async function readAbilities(replica: MysqlSession): Promise<ReplicaAbilities> {
  // MariaDB lists its newer collations (uca1400) once for all charsets, without a charset's name in front.
  const rows = await replica.query(
    `SELECT IF(CHARACTER_SET_NAME IS NULL, CONCAT('utf8mb4_', COLLATION_NAME), COLLATION_NAME) AS name
       FROM information_schema.COLLATIONS`,
  );
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
        `ADD COLUMN ${sequenceColumn(input.sequenceOfRows)}`,
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

function incompatible({ source, isBeingMoved }: EnsureInput, obstacles: readonly string[]): TidemarkError {
  const look = isBeingMoved
    ? 'OpenDental is moving its rows just now. Wait until the upgrade is done'
    : 'Look at the change';
  return new TidemarkError('SCHEMA_INCOMPATIBLE', {
    message: `the source table changed in a way that cannot be followed by itself: ${obstacles.join('; ')}`,
    hint: `${look}, then run \`tidemark run ${source.name} --full-refresh\`: it rebuilds the replica table from the source. Raw keeps its rows and columns.`,
    table: source.name,
  });
}
