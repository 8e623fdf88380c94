import { TidemarkError } from '@tidemark/errors';
import type { DataSource, QueryRunner } from 'typeorm';

import { TRACKING_TABLES } from './table-names.ts';
import type { Tier } from './tier.ts';

/**
 * Names of the migrations that the database has seen, in order; empty when it has seen none.
 *
 * @throws TidemarkError RIGHT_MISSING when the table of them is there and hidden from this user
 */
export async function recordedMigrations(dataSource: DataSource, runner: QueryRunner): Promise<string[]> {
  const table = migrationsTable(dataSource);
  if (!(await hasTable(dataSource, runner, table))) return [];
  const rows = await runner.manager
    .createQueryBuilder(runner)
    .select('name', 'name')
    .from(table, TRACKING_TABLES.migrations)
    .orderBy('id')
    .getRawMany<{ name: string }>();
  return rows.map((row) => row.name);
}

/** Names that this version does not know. */
export function unknownMigrations(dataSource: DataSource, recorded: readonly string[]): string[] {
  const known = new Set(knownMigrations(dataSource));
  return recorded.filter((name) => !known.has(name));
}

/** @throws TidemarkError TRACKING_NOT_MIGRATED, TRACKING_NEWER or RIGHT_MISSING */
export async function requireCurrent(dataSource: DataSource, runner: QueryRunner, tier: Tier): Promise<void> {
  const recorded = await recordedMigrations(dataSource, runner);
  if (unknownMigrations(dataSource, recorded).length > 0) throw trackingNewer(tier);
  const seen = new Set(recorded);
  const state = recorded.length === 0 ? 'do not exist' : 'are older than this version of Tidemark';
  if (knownMigrations(dataSource).some((name) => !seen.has(name))) throw notMigrated(tier, state);
  for (const { tablePath } of dataSource.entityMetadatas) {
    if (!(await hasTable(dataSource, runner, tablePath))) throw notMigrated(tier, 'are incomplete: one was dropped');
  }
}

/**
 * information_schema, which is asked first, has only what the user has a right to. PostgreSQL's catalog has everything, so
 * a table that is hidden is not taken for one that is missing; MySQL has no such place.
 */
async function hasTable(dataSource: DataSource, runner: QueryRunner, path: string): Promise<boolean> {
  if (await runner.hasTable(path)) return true;
  if (dataSource.options.type !== 'postgres') return false;
  const name = path.split('.').at(-1) ?? path;
  const found: readonly { user: string }[] = await runner.query(
    `SELECT quote_ident(current_user) AS user FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`,
    [dataSource.options.schema, name],
  );
  const [hidden] = found;
  if (!hidden) return false;
  throw new TidemarkError('RIGHT_MISSING', {
    message: `warehouse: the tracking tables are there, and ${hidden.user} has no right to them: ${name}`,
    hint: `Connect as the user that owns them, or make this one its member: \`GRANT … TO ${hidden.user}\`.`,
  });
}

export function trackingNewer(tier: Tier): TidemarkError {
  return new TidemarkError('TRACKING_NEWER', {
    message: `${tier.where}: the tracking tables were made by a newer version of Tidemark`,
    hint: 'Update Tidemark on this machine to the version that migrated them.',
  });
}

function notMigrated(tier: Tier, state: string): TidemarkError {
  return new TidemarkError('TRACKING_NOT_MIGRATED', {
    message: `${tier.where}: the tracking tables ${state}`,
    hint: 'Run `tidemark migrate`: it creates or upgrades them and keeps what is in them.',
  });
}

function knownMigrations(dataSource: DataSource): string[] {
  return dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
}

function migrationsTable(dataSource: DataSource): string {
  const { options } = dataSource;
  const schema = options.type === 'postgres' ? options.schema : undefined;
  return schema === undefined ? TRACKING_TABLES.migrations : `${schema}.${TRACKING_TABLES.migrations}`;
}
