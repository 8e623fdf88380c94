import type { PoolClient } from 'pg';

import { postgresTableLock } from './locks/postgres-table-lock.ts';
import { migrationStep } from './migrations/migration-step.ts';
import { quoted } from './migrations/postgres/table-statements.ts';
import type { MigrationWays } from './run-migrations.ts';
import type { SessionDialect } from './tracked-session.ts';

/** How sessions work on PostgreSQL. */
export function warehouseDialect(schema: string): SessionDialect {
  return {
    lock: postgresTableLock(schema, 'load'),
    async prepare(runner) {
      await runner.query("SET TIME ZONE 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'");
    },
    // Nothing but COMMIT ends a transaction here, and one that failed refuses the tracking statements by itself.
    async requireTransaction() {},
    async destroy(runner) {
      if (runner.isReleased) return;
      const client: PoolClient & { end(): Promise<void> } = await runner.connect();
      await client.end();
    },
  };
}

/** How migrations run there. */
export function warehouseMigrations(schema: string): MigrationWays {
  return {
    lock: postgresTableLock(schema, 'migrate'),
    // Asked first: CREATE SCHEMA IF NOT EXISTS needs the right to create even where the schema exists.
    async prepare(runner) {
      const found: unknown[] = await runner.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema]);
      if (found.length > 0) return;
      await migrationStep(schema, () => runner.query(`CREATE SCHEMA ${quoted(schema)}`));
    },
    async restore() {},
    transaction: 'all',
  };
}
