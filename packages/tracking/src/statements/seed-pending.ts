import { TidemarkError } from '@tidemark/errors';
import type { EntitySchema, QueryRunner } from 'typeorm';

import type { TableLock } from '../locks/table-lock.ts';
import { reachPoint } from '../reach-point.ts';
import type { SeedReport } from '../types.ts';
import { createPending, tableOf, type StatusEntity } from './update-status.ts';

/** The time that the plan gives a record which has no success yet. Never a watermark. */
const SEED_TIME = '2024-01-01 00:00:00';

/** One INSERT of a few hundred short rows takes milliseconds; another process gets a minute to finish its own. */
const WAIT_SECONDS = 60;

/** A status table that may lack records. */
export interface SeedTarget {
  readonly where: 'replica' | 'warehouse';
  readonly status: StatusEntity;
  /** Held while records are looked for and created, so that of two processes each tells what it created itself. */
  readonly lock: TableLock;
}

/**
 * Creates the records that are missing, all by one statement; those that are there stay as they are.
 *
 * @throws TidemarkError TABLE_LOCKED when another process has been at it for too long
 */
export async function seedPending(
  runner: QueryRunner,
  { where, status, lock }: SeedTarget,
  tables: readonly string[],
): Promise<SeedReport> {
  const name = tableOf(status);
  if (!(await lock.take(runner, name, WAIT_SECONDS))) throw seededByAnother(where);
  try {
    const present = await presentTables(runner, status);
    const wanted = [...new Set(tables)];
    const created = wanted.filter((table) => !present.has(table));
    await reachPoint('seed.before-insert', name);
    await createPending(runner.manager, status, created, SEED_TIME);
    await reachPoint('seed.inserted', name);
    return { created, existing: wanted.filter((table) => present.has(table)) };
  } finally {
    await lock.give(runner, name);
  }
}

async function presentTables(runner: QueryRunner, status: EntitySchema): Promise<ReadonlySet<string>> {
  const rows = await runner.manager
    .createQueryBuilder(runner)
    .from(status, 'status')
    .select('status.table', 'table')
    .getRawMany<{ table: string }>();
  return new Set(rows.map((row) => row.table));
}

function seededByAnother(where: SeedTarget['where']): TidemarkError {
  return new TidemarkError('TABLE_LOCKED', {
    message: `${where}: another process has been creating tracking records for over ${WAIT_SECONDS} seconds`,
    hint: 'Wait until it is done, then run the command again: it creates what is missing still.',
  });
}
