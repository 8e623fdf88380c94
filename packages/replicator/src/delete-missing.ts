import { TidemarkError } from '@tidemark/errors';
import { quoteMysqlIdentifier } from '@tidemark/incremental';
import { keyColumns, rangeCondition, type KeyRange, type MysqlParameter } from '@tidemark/mysql';

import { joinOnKey } from './apply-stage.ts';
import { buryRows } from './bury-rows.ts';
import type { CopyContext } from './copy-context.ts';
import { judgeDeletes } from './judge-deletes.ts';
import { STAGE } from './stage-rows.ts';

/**
 * Removes rows of the given key ranges that the source no longer has: those that are in the replica and, though the
 * whole range was staged, not in staging. Each leaves a tombstone. Runs inside the run's transaction, after applyStage.
 *
 * @throws TidemarkError DELETE_CAP when more rows would go than the cap allows
 */
export async function deleteMissing(
  context: CopyContext,
  ranges: readonly KeyRange[],
  sourceRows: number,
): Promise<number> {
  let missing = 0;
  for (const range of ranges) missing += await countMissing(context, range);
  if (missing === 0) return 0;
  await refuseOverCap(context, missing, sourceRows);
  let deleted = 0;
  for (const range of ranges) {
    const { sql, params } = missingTail(context, range);
    await buryRows(context, sql, params);
    deleted += await context.replica.execute(
      `DELETE t FROM ${quoteMysqlIdentifier(context.replicaTable.name)} AS t ${sql}`,
      params,
    );
  }
  return deleted;
}

async function countMissing(context: CopyContext, range: KeyRange): Promise<number> {
  const { sql, params } = missingTail(context, range);
  const [row] = await context.replica.query(
    `SELECT COUNT(*) AS n FROM ${quoteMysqlIdentifier(context.replicaTable.name)} AS t ${sql}`,
    params,
  );
  return Number(row?.['n'] ?? 0);
}

async function refuseOverCap(context: CopyContext, missing: number, sourceRows: number): Promise<void> {
  const { table, allowDeletes } = context.input;
  const [row] = await context.replica.query(
    `SELECT COUNT(*) AS n FROM ${quoteMysqlIdentifier(context.replicaTable.name)}`,
  );
  const verdict = judgeDeletes({ missing, sourceRows, replicaRows: Number(row?.['n'] ?? 0), allowDeletes });
  if (verdict === 'allowed') return;
  const why =
    verdict === 'source_empty'
      ? `the source table is empty and the replica has ${missing} rows`
      : `${missing} rows are in the replica and no longer in the source, more than the cap allows`;
  throw new TidemarkError('DELETE_CAP', {
    message: `${why}: nothing was deleted`,
    hint: `Make sure that the source table is whole, then run \`tidemark run ${table} --allow-deletes\`.`,
    table,
  });
}

/** FROM tail that selects the replica rows (t) of a range without a staged row. */
function missingTail(context: CopyContext, range: KeyRange): { sql: string; params: MysqlParameter[] } {
  const [firstKey = ''] = context.key.map(quoteMysqlIdentifier);
  const where = rangeCondition(keyColumns(context.replicaTable, context.key, 't'), range);
  return {
    sql: `LEFT JOIN ${STAGE} AS s ON ${joinOnKey(context)} WHERE s.${firstKey} IS NULL AND ${where.sql}`,
    params: where.params,
  };
}
