import { createHash } from 'node:crypto';

import type { QueryRunner } from 'typeorm';

import type { TableLock } from './table-lock.ts';

/** SQLSTATE of a lock that was not had within `lock_timeout`. */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * A session-level advisory lock: survives COMMIT and ROLLBACK, and the server frees it when the session ends. It needs
 * a session of its own, so a pooler in transaction mode must not stand between (docs/operations.md).
 */
export function postgresTableLock(schema: string, hop: string): TableLock {
  const keyOf = (table: string): string => {
    const hash = createHash('sha256').update(`tidemark\0${schema}\0${table}\0${hop}`).digest();
    return hash.readBigInt64BE(0).toString();
  };
  return {
    take: (runner, table, waitSeconds) =>
      waitSeconds > 0 ? takeWithin(runner, keyOf(table), waitSeconds) : takeNow(runner, keyOf(table)),
    async give(runner, table) {
      await runner.query('SELECT pg_advisory_unlock($1::bigint)', [keyOf(table)]);
    },
    async holder(runner, table) {
      const rows: { pid: string | number }[] = await runner.query(
        `SELECT pid FROM pg_locks
         WHERE locktype = 'advisory' AND granted AND objsubid = 1
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND classid::bigint = ($1::bigint >> 32) & 4294967295 AND objid::bigint = $1::bigint & 4294967295`,
        [keyOf(table)],
      );
      const pid = rows[0]?.pid;
      return pid === undefined ? null : String(pid);
    },
    async ownId(runner) {
      const rows: { pid: string | number }[] = await runner.query('SELECT pg_backend_pid() AS pid');
      return String(rows[0]?.pid);
    },
    async endHolder(runner, id) {
      await runner.query('SELECT pg_terminate_backend($1::int)', [id]);
    },
  };
}

async function takeNow(runner: QueryRunner, key: string): Promise<boolean> {
  const rows: { taken: boolean }[] = await runner.query('SELECT pg_try_advisory_lock($1::bigint) AS taken', [key]);
  return rows[0]?.taken === true;
}

/** `lock_timeout` bounds the wait; it is set for this transaction only, the lock outlives it. */
async function takeWithin(runner: QueryRunner, key: string, seconds: number): Promise<boolean> {
  await runner.startTransaction();
  try {
    await runner.query("SELECT set_config('lock_timeout', $1, true)", [`${Math.ceil(seconds * 1000)}ms`]);
    await runner.query('SELECT pg_advisory_lock($1::bigint)', [key]);
    await runner.commitTransaction();
    return true;
  } catch (error) {
    await runner.rollbackTransaction();
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === LOCK_NOT_AVAILABLE) {
      return false;
    }
    throw error;
  }
}
