import { TidemarkError } from '@tidemark/errors';
import type { PoolConnection } from 'mysql2';

import { mysqlTableLock } from './locks/mysql-table-lock.ts';
import { replicaSocket } from './replica-connections.ts';
import type { MigrationWays } from './run-migrations.ts';
import type { SessionDialect } from './tracked-session.ts';

/**
 * A session waits while the source is read, for longer than a server with a small `wait_timeout` would keep it, and in
 * the middle of LOAD DATA for longer than the 30 seconds of `net_read_timeout`: as long as a statement on the source may
 * take. No longer, because a server that was not told of the end of its client keeps the lock until then. Seconds.
 */
const WAIT_TIMEOUT_SECONDS = 3600;
const NET_READ_TIMEOUT_SECONDS = 660;

/**
 * mysql2 puts parameters into the statement with backslash escapes: under the server's own NO_BACKSLASH_ESCAPES they
 * would be other values, and a quote in one would end the string.
 */
const SQL_MODE = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION';

/** Bit of the status flags in every OK packet: a transaction is open. */
const SERVER_STATUS_IN_TRANS = 1;

/** How sessions work on MySQL and MariaDB. */
export function replicaDialect(database: string): SessionDialect {
  return {
    lock: mysqlTableLock(database, 'copy'),
    async prepare(runner) {
      // Tables are copied side by side: the gap locks of REPEATABLE READ would make their status rows deadlock.
      await runner.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
      await runner.query(
        `SET SESSION time_zone = '+00:00', autocommit = 1, wait_timeout = ${WAIT_TIMEOUT_SECONDS},
           net_read_timeout = ${NET_READ_TIMEOUT_SECONDS}, sql_mode = '${SQL_MODE}'`,
      );
    },
    // DDL commits silently on MySQL: were there any in `work`, the rows would stand without their tracking.
    async requireTransaction(runner) {
      const ok: unknown = await runner.query('DO 0');
      const flags = typeof ok === 'object' && ok !== null && 'serverStatus' in ok ? Number(ok.serverStatus) : 0;
      if ((flags & SERVER_STATUS_IN_TRANS) !== 0) return;
      throw new TidemarkError('INTERNAL', {
        message: 'replica: a statement within the transaction of the rows committed it (DDL does)',
        hint: 'This is a defect: report it.',
      });
    },
    async destroy(runner) {
      const connection: PoolConnection = await runner.connect();
      connection.destroy();
      // mysql2 only says goodbye, and waits for the server to do the same.
      replicaSocket(connection).destroy();
    },
    async backendOf(runner) {
      const { threadId }: PoolConnection = await runner.connect();
      return threadId === null ? null : String(threadId);
    },
  };
}

/** How migrations run there. */
export function replicaMigrations(database: string): MigrationWays {
  return {
    lock: mysqlTableLock(database, 'migrate'),
    // Old rows may hold a zero date, which a strict mode refuses to carry into the wider type.
    async prepare(runner) {
      await runner.query("SET SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION'");
    },
    async restore(runner) {
      await runner.query(`SET SESSION sql_mode = '${SQL_MODE}'`);
    },
    transaction: 'none',
  };
}
