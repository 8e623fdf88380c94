import { quoteMysqlIdentifier } from '@tidemark/incremental';
import {
  keyColumns,
  keyListCondition,
  rangeCondition,
  type KeyRange,
  type KeyValue,
  type MysqlParameter,
} from '@tidemark/mysql';
import { reachPoint } from '@tidemark/tracking';

import { joinOnKey } from './apply-stage.ts';
import { buryRows } from './bury-rows.ts';
import type { CopyContext } from './copy-context.ts';
import { countReplicaRows } from './count-replica-rows.ts';
import { whyNotDeleted } from './refuse-deletes.ts';
import { STAGE } from './stage-rows.ts';

/** Where rows may have gone from the source. */
export interface Absence {
  /** Ranges that were staged whole: a replica row without a staged one is gone. */
  readonly ranges: readonly KeyRange[];
  /** Keys that the source may no longer have; they were looked for when rows were staged, or compared just now. */
  readonly goneKeys: readonly KeyValue[];
  /** Rows the source has in all that was compared. */
  readonly sourceRows: number;
}

const KEYS_PER_STATEMENT = 500;

/**
 * Removes rows that the source no longer has; each leaves a tombstone. Runs inside the run's transaction, after
 * applyStage.
 *
 * @throws TidemarkError DELETE_CAP when more rows would go than the cap allows
 */
export async function deleteMissing(context: CopyContext, absence: Absence): Promise<number> {
  const tails = missingTails(context, absence);
  let missing = 0;
  for (const tail of tails) missing += await countMissing(context, tail);
  if (missing === 0) return 0;
  await refuseOverCap(context, missing, absence.sourceRows);
  let deleted = 0;
  for (const tail of tails) deleted += await removeRows(context, tail);
  return deleted;
}

/** A FROM tail that selects rows of the replica table (t). */
interface Tail {
  readonly sql: string;
  readonly params: MysqlParameter[];
}

/** Select the replica rows without a staged one, in each range and of each list of keys. */
function missingTails(context: CopyContext, { ranges, goneKeys }: Absence): Tail[] {
  const columns = keyColumns(context.replicaTable, context.key, 't');
  return [
    ...ranges.map((range) => rangeCondition(columns, range)),
    ...[...batches(goneKeys)].map((keys) => keyListCondition(columns, keys)),
  ].map((where) => withoutStaged(context, where));
}

async function removeRows(context: CopyContext, tail: Tail): Promise<number> {
  await buryRows(context, tail.sql, tail.params);
  await reachPoint('copy.buried', context.input.table);
  return context.replica.execute(
    `DELETE t FROM ${quoteMysqlIdentifier(context.replicaTable.name)} AS t ${tail.sql}`,
    tail.params,
  );
}

/** Keys cut into lists short enough for one statement. */
export function* batches(keys: readonly KeyValue[]): Generator<readonly KeyValue[]> {
  for (let at = 0; at < keys.length; at += KEYS_PER_STATEMENT) yield keys.slice(at, at + KEYS_PER_STATEMENT);
}

async function countMissing(context: CopyContext, { sql, params }: Tail): Promise<number> {
  const [row] = await context.replica.query(
    `SELECT COUNT(*) AS n FROM ${quoteMysqlIdentifier(context.replicaTable.name)} AS t ${sql}`,
    params,
  );
  return Number(row?.['n'] ?? 0);
}

async function refuseOverCap(context: CopyContext, missing: number, sourceRows: number): Promise<void> {
  const { table, allowDeletes } = context.input;
  const replicaRows = await countReplicaRows(context);
  const refusal = whyNotDeleted(table, { missing, sourceRows, replicaRows, allowDeletes });
  if (refusal) throw refusal;
}

/**
 * A gone key may be one that its collation holds for equal to a new one, so that the row is there and was renamed: what
 * was staged is not gone.
 */
function withoutStaged(context: CopyContext, where: Tail): Tail {
  const [firstKey = ''] = context.key.map(quoteMysqlIdentifier);
  return {
    sql: `LEFT JOIN ${STAGE} AS s ON ${joinOnKey(context)} WHERE s.${firstKey} IS NULL AND ${where.sql}`,
    params: where.params,
  };
}
