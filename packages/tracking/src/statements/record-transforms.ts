import type { EntityManager } from 'typeorm';

import { loadHistory } from '../entities/run-history.ts';
import { transformStatus } from '../entities/transform-status.ts';
import { transformErrorWord } from '../stored-words.ts';
import type { TransformResult } from '../types.ts';

/** A time with a zone, brought to UTC without one. */
const utc = (parameter: string) => (): string => `(CAST(:${parameter} AS timestamptz) AT TIME ZONE 'UTC')`;

/**
 * Writes the results of one dbt invocation, all or none.
 *
 * The history decides: a result that it has already is not counted twice, and one that is older than what it has of the
 * model leaves the status alone. The dbt package does the same at the end of a run (packages/dbt/macros/record_results.sql);
 * both take the models in one order, so that neither can wait for the other in a circle.
 *
 * @returns the models whose result the history did not have
 */
export async function recordTransforms(
  manager: EntityManager,
  runId: string,
  results: readonly TransformResult[],
): Promise<string[]> {
  return manager.transaction(async (transaction) => {
    const recorded: string[] = [];
    for (const result of results.toSorted(byModel)) {
      const overtaken = await hasNewer(transaction, result);
      if (!(await insertEntry(transaction, runId, result))) continue;
      recorded.push(result.model);
      if (!overtaken) await updateStatus(transaction, result);
    }
    return recorded;
  });
}

/** By code points, as PostgreSQL's collation "C" does it. */
function byModel(a: TransformResult, b: TransformResult): number {
  return Buffer.compare(Buffer.from(a.model), Buffer.from(b.model));
}

async function hasNewer(manager: EntityManager, result: TransformResult): Promise<boolean> {
  return manager
    .createQueryBuilder()
    .from(loadHistory, 'entry')
    .select('entry.id')
    .where(`entry.table = :model AND entry.hop = 'transform' AND entry.finishedAt > ${utc('finishedAt')()}`, {
      model: result.model,
      finishedAt: result.finishedAt,
    })
    .getExists();
}

/** @returns whether it is new: the unique index refuses an entry twice, also from two writers at once */
async function insertEntry(manager: EntityManager, runId: string, result: TransformResult): Promise<boolean> {
  const { raw }: { raw: unknown[] } = await manager
    .createQueryBuilder()
    .insert()
    .into(loadHistory)
    .values({
      runId,
      table: result.model,
      hop: 'transform',
      attempt: 1,
      startedAt: utc('startedAt'),
      finishedAt: utc('finishedAt'),
      plan: 'dbt',
      reason: result.error === null ? 'dbt built the model' : `dbt says ${transformErrorWord(result.error)}`,
      rowsRead: 0,
      rowsInserted: 0,
      rowsUpdated: 0,
      rowsDeleted: 0,
      rowsUnchanged: 0,
      bytes: 0,
      status: result.status,
    })
    .setParameters({ startedAt: result.startedAt, finishedAt: result.finishedAt })
    .orIgnore()
    .returning('id')
    .updateEntity(false)
    .execute();
  return raw.length > 0;
}

async function updateStatus(manager: EntityManager, result: TransformResult): Promise<void> {
  await manager
    .createQueryBuilder()
    .insert()
    .into(transformStatus, ['table', 'status'])
    .values({ table: result.model, status: 'pending' })
    .orIgnore()
    .updateEntity(false)
    .execute();
  const success = {
    lastSucceeded: utc('finishedAt'),
    writtenAt: utc('finishedAt'),
    lastError: null,
    consecutiveFailures: 0,
    ...(result.rows === null ? {} : { rows: String(result.rows) }),
  };
  const failure = {
    lastError: transformErrorWord(result.error ?? 'error'),
    consecutiveFailures: () => 'consecutive_failures + 1',
  };
  await manager
    .createQueryBuilder()
    .update(transformStatus)
    .set({
      status: result.status,
      updatedAt: () => "(clock_timestamp() AT TIME ZONE 'UTC')",
      ...(result.status === 'success' ? success : failure),
    })
    .where('table_name = :model', { model: result.model })
    .setParameters({ finishedAt: result.finishedAt })
    .updateEntity(false)
    .execute();
}
