import { setTimeout as sleep } from 'node:timers/promises';

import type { PoolClient } from 'pg';

import { postgresTableLock } from './locks/postgres-table-lock.ts';
import { migrationStep } from './migrations/migration-step.ts';
import { quoted } from './migrations/postgres/table-statements.ts';
import type { MigrationWays } from './run-migrations.ts';
import type { SessionDialect } from './tracked-session.ts';
import { backendOf, warehouseSocket } from './warehouse-connections.ts';

/**
 * A server that is in the middle of a statement, or waits for a lock, looks every two seconds whether its client is
 * there still: else the locks of a killed process would stay until the statement ends. The setting came with version 14,
 * and is refused where the system cannot tell.
 */
const NOTICE_LOST_CLIENTS = `
  SELECT set_config(name, '2s', false) FROM pg_settings
   WHERE name = 'client_connection_check_interval' AND version() LIKE '%linux%'`;

/** The same for a client whose machine or network is gone: a minute in place of the system's two hours. */
const NOTICE_LOST_NETWORK =
  'SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3';

/**
 * Waits for the locks of others for a minute at most, unless the user was given a limit of its own: PostgreSQL would wait
 * for ever for a transaction that somebody left open.
 */
const LIMIT_LOCK_WAITS = `
  SELECT set_config('lock_timeout', '60s', false) WHERE current_setting('lock_timeout') IN ('0', '0ms')`;

/** Milliseconds for a connection's last words. */
const PATIENCE_MS = 2000;

/** How sessions work on PostgreSQL. */
export function warehouseDialect(schema: string): SessionDialect {
  return {
    lock: postgresTableLock(schema, 'load'),
    async prepare(runner) {
      const values = "SET TIME ZONE 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'";
      await runner.query(`${values}; ${NOTICE_LOST_NETWORK}`);
      await runner.query(NOTICE_LOST_CLIENTS);
      await runner.query(LIMIT_LOCK_WAITS);
    },
    // Nothing but COMMIT ends a transaction here, and one that failed refuses the tracking statements by itself.
    async requireTransaction() {},
    async destroy(runner) {
      if (runner.isReleased) return;
      const client: PoolClient & { end(): Promise<void> } = await runner.connect();
      // pg waits until the server has closed it too; one that stands still never would.
      await Promise.race([client.end(), sleep(PATIENCE_MS, undefined, { ref: false })]);
      warehouseSocket(client).destroy();
    },
    async backendOf(runner) {
      const pid = backendOf(await runner.connect());
      return pid === null ? null : String(pid);
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
