import { TidemarkError } from '@tidemark/errors';
import type { Plan } from '@tidemark/incremental';
import type { ColumnDescription, MysqlSession, TableDescription } from '@tidemark/mysql';
import type { HopState } from '@tidemark/tracking';
import type { PoolClient } from 'pg';

import type { RawTable } from './describe-raw.ts';
import type { VerifyDeps, VerifyInput } from './types.ts';

/** A column that all three databases have. */
export interface SharedColumn {
  readonly source: ColumnDescription;
  readonly replica: ColumnDescription;
}

/** Everything that is known once a table is locked and described on all sides. */
export interface VerifyContext {
  readonly deps: VerifyDeps;
  readonly input: VerifyInput;
  readonly source: MysqlSession;
  /** For short statements. */
  readonly replica: MysqlSession;
  readonly sourceTable: TableDescription;
  readonly replicaTable: TableDescription;
  readonly raw: RawTable;
  /** For short statements. */
  readonly warehouse: PoolClient;
  readonly key: readonly string[];
  /** Columns of source and replica. */
  readonly columns: readonly SharedColumn[];
  /** Whether replica rows carry the copy sequence. */
  readonly hasSequence: boolean;
  readonly copyState: HopState;
  readonly loadState: HopState;
  /** What the next copy would do. */
  readonly plan: Plan;
}

/** Columns that raw has too. */
export function columnsInRaw({ columns, raw }: Pick<VerifyContext, 'columns' | 'raw'>): SharedColumn[] {
  return columns.filter(({ replica }) => raw.columns.has(replica.name));
}

/** The columns of the key, in its order. */
export function keyDescriptions({
  key,
  replicaTable,
}: Pick<VerifyContext, 'key' | 'replicaTable'>): ColumnDescription[] {
  return key.flatMap((name) => replicaTable.columns.filter((column) => column.name === name));
}

/** @throws TidemarkError STOPPED when the run was asked to end; called at safe points only */
export function stopIfAsked({ deps, input }: Pick<VerifyContext, 'deps' | 'input'>): void {
  if (deps.signal?.aborted === true) throw stopped(input.table);
}

export function stopped(table: string): TidemarkError {
  return new TidemarkError('STOPPED', {
    message: 'stopped on request before the table was compared',
    hint: 'Run verify again: it writes nothing, so nothing is half done.',
    table,
  });
}
