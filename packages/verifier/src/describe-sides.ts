import { TidemarkError } from '@tidemark/errors';
import { plan, type Plan } from '@tidemark/incremental';
import {
  describeTables,
  SEQUENCE_COLUMN,
  fingerprintOf,
  requireReadable,
  structureFingerprint,
  toPlanTable,
  type MysqlSession,
  type TableDescription,
} from '@tidemark/mysql';
import { refuseHiddenRows, type CopySession, type HopState, type LoadSession } from '@tidemark/tracking';

import { describeRaw } from './describe-raw.ts';
import { timeColumns } from './pick-rows.ts';
import { notReady, whyNothingYet } from './require-standing.ts';
import type { VerifyDeps, VerifyInput } from './types.ts';
import type { SharedColumn, VerifyContext } from './verify-context.ts';

export interface OpenedSides {
  readonly source: MysqlSession;
  readonly replica: MysqlSession;
  readonly copy: CopySession;
  readonly load: LoadSession;
}

/** What is compared, or why nothing can be. */
export type DescribedSides =
  | { readonly skip: string }
  | { readonly context: VerifyContext; readonly schema: readonly string[] };

/**
 * Describes a table on all three sides. Only what both hops have finished once can be compared.
 *
 * @throws TidemarkError TABLE_GONE, TABLE_NOT_READY, TABLE_WITHOUT_KEY, SCHEMA_INCOMPATIBLE
 */
export async function describeSides(
  deps: VerifyDeps,
  input: VerifyInput,
  { source, replica, copy, load }: OpenedSides,
): Promise<DescribedSides> {
  const { table } = input;
  const copyState = await copy.state(table);
  const loadState = await load.state(table);
  const sourceTable = await describeOne(source, table);
  const replicaTable = await describeOne(replica, table);
  const nothing = whyNothingYet({ table, copyState, loadState, sourceTable, replicaTable });
  if (nothing !== null || !copyState || !loadState || !sourceTable || !replicaTable) {
    return { skip: nothing ?? 'not copied yet' };
  }
  await requireReadable(source, table);
  const raw = await describeRaw(load.client, deps.loadTracking.schema, replicaTable);
  if (!raw) throw notReady(table, 'raw has no such table, though it was loaded');
  await refuseHiddenRows(load.client, deps.loadTracking.schema, replicaTable.name);
  const key = keyOf(sourceTable, input.settings.primaryKey);
  requireKey(
    key,
    table,
    replicaTable.columns.map(({ name }) => name),
    'replica',
  );
  requireKey(key, table, [...raw.columns.keys()], 'raw');
  const columns = sharedColumns(sourceTable, replicaTable);
  const context: VerifyContext = {
    deps,
    input,
    source,
    replica,
    sourceTable,
    replicaTable,
    raw,
    warehouse: load.client,
    key,
    columns,
    hasSequence: replicaTable.columns.some(({ name }) => name === SEQUENCE_COLUMN),
    copyState,
    loadState,
    plan: nextPlan(input, { sourceTable, key, copyState }),
  };
  if (input.scope.kind === 'since' && timeColumns(context.plan).length === 0) {
    return { skip: 'it has no incremental column that holds a time' };
  }
  return { context, schema: lacking(context) };
}

async function describeOne(session: MysqlSession, table: string): Promise<TableDescription | undefined> {
  return (await describeTables(session, [table])).find((description) => description.name === table);
}

/** The configured key in the table's own spelling, else the key of the source. @throws TidemarkError CONFIG_INVALID */
function keyOf(table: TableDescription, configured: readonly string[] | null): readonly string[] {
  if (configured === null) return table.key;
  return configured.map((name) => {
    const column = table.columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (column) return column.name;
    throw new TidemarkError('CONFIG_INVALID', {
      message: `key column ${name} is not in the source table`,
      hint: 'Correct primary_key of this table in tables.yml.',
      table: table.name,
    });
  });
}

function requireKey(key: readonly string[], table: string, columns: readonly string[], where: string): void {
  if (key.length === 0) {
    throw new TidemarkError('TABLE_WITHOUT_KEY', {
      message: 'the table has no primary key and no unique index without NULLs: its rows cannot be told apart',
      hint: 'Name unique columns as primary_key of this table in tables.yml, or leave it out with --exclude.',
      table,
    });
  }
  const absent = key.find((name) => !columns.includes(name));
  if (absent === undefined) return;
  throw new TidemarkError('SCHEMA_INCOMPATIBLE', {
    message: `${where}: key column ${absent} is not there`,
    hint: `Run \`tidemark run ${table} --full-refresh\`, then verify it again.`,
    table,
  });
}

function sharedColumns(source: TableDescription, replica: TableDescription): SharedColumn[] {
  return source.columns.flatMap((column) => {
    const there = replica.columns.find(({ name }) => name === column.name);
    return there ? [{ source: column, replica: there }] : [];
  });
}

/** Columns that one side lacks. Of what raw has beyond the replica some is its owner's: that is not told. */
function lacking({ sourceTable, replicaTable, columns, raw }: VerifyContext): string[] {
  const shared = new Set(columns.map(({ source }) => source.name));
  const beyond = replicaTable.columns.filter(({ name }) => !shared.has(name) && name !== SEQUENCE_COLUMN);
  return [
    ...beyond.map(({ name }) => `the source has no column ${name}`),
    ...sourceTable.columns.flatMap(({ name }) => (shared.has(name) ? [] : [`the replica has no column ${name}`])),
    ...columns.flatMap(({ replica }) => (raw.columns.has(replica.name) ? [] : [`raw has no column ${replica.name}`])),
  ];
}

interface PlanFacts {
  readonly sourceTable: TableDescription;
  readonly key: readonly string[];
  readonly copyState: HopState;
}

/** What the next copy would do with the table: the same question that the copy itself asks. */
function nextPlan({ settings }: VerifyInput, { sourceTable, key, copyState }: PlanFacts): Plan {
  const { watermarks, highestKey, structure, columnQuality } = copyState;
  return plan({
    table: toPlanTable(sourceTable, key),
    settings: settings.plan,
    state: { watermarks, highestKey, structure: fingerprintOf(structure) },
    structure: structureFingerprint(sourceTable.columns, key),
    replicaIsNew: false,
    force: false,
    observations: columnQuality,
  });
}
