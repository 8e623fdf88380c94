import { TidemarkError } from '@tidemark/errors';
import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';

import type { TableLock } from './locks/table-lock.ts';
import { reachPoint } from './reach-point.ts';
import { recordedMigrations, trackingNewer, unknownMigrations } from './recorded-migrations.ts';
import type { Tier } from './tier.ts';
import type { MigrationReport } from './types.ts';

/** A migration of these few small tables takes a second; another process gets a minute to finish its own. */
const WAIT_SECONDS = 60;

/** Stands for "all tables" where a lock wants the name of one. */
const ALL_TABLES = '*';

export interface MigrationWays {
  readonly lock: TableLock;
  /** Before the first migration: what the migrations table itself needs. */
  prepare(runner: QueryRunner): Promise<void>;
  /** Undoes what `prepare` changed of the session. */
  restore(runner: QueryRunner): Promise<void>;
  /** `all`: one transaction around all. `none`: MySQL commits each DDL statement by itself anyway. */
  readonly transaction: 'all' | 'none';
}

/** Runs the migrations that this database lacks, one process at a time. @throws TidemarkError TRACKING_NEWER */
export async function runMigrations(
  dataSource: DataSource,
  runner: QueryRunner,
  tier: Tier,
  ways: MigrationWays,
): Promise<MigrationReport> {
  if (!(await ways.lock.take(runner, ALL_TABLES, WAIT_SECONDS))) {
    throw new TidemarkError('TABLE_LOCKED', {
      message: `${tier.where}: another process has been migrating for over ${WAIT_SECONDS} seconds`,
      hint: 'Wait until it is done, then run `tidemark migrate` again.',
    });
  }
  try {
    await ways.prepare(runner);
    const before = await recordedMigrations(dataSource, runner);
    if (unknownMigrations(dataSource, before).length > 0) throw trackingNewer(tier);
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = ways.transaction;
    const applied = await executor.executePendingMigrations();
    await reachPoint('migrate.recorded', ALL_TABLES);
    return { applied: applied.map(({ name }) => name), recorded: await recordedMigrations(dataSource, runner) };
  } finally {
    await ways.restore(runner);
    await ways.lock.give(runner, ALL_TABLES);
  }
}
