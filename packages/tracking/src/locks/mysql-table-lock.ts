import { createHash } from 'node:crypto';

import type { TableLock } from './table-lock.ts';

/** ER_NO_SUCH_THREAD */
const NO_SUCH_THREAD = 1094;

/**
 * `GET_LOCK`: belongs to the connection, survives COMMIT, and the server frees it when the connection ends.
 *
 * Its names know no database and no upper case, and hold 64 characters at most: hence a hash over database and table.
 */
export function mysqlTableLock(database: string, hop: string): TableLock {
  const nameOf = (table: string): string => {
    const hash = createHash('sha256').update(`${database}\0${table}\0${hop}`).digest('hex');
    return `tidemark:${hash.slice(0, 48)}`;
  };
  return {
    async take(runner, table, waitSeconds) {
      const rows: { taken: unknown }[] = await runner.query('SELECT GET_LOCK(?, ?) AS taken', [
        nameOf(table),
        waitSeconds,
      ]);
      return Number(rows[0]?.taken ?? 0) === 1;
    },
    async give(runner, table) {
      await runner.query('DO RELEASE_LOCK(?)', [nameOf(table)]);
    },
    async holder(runner, table) {
      const rows: { id: string | number | null }[] = await runner.query('SELECT IS_USED_LOCK(?) AS id', [
        nameOf(table),
      ]);
      const id = rows[0]?.id ?? null;
      return id === null ? null : String(id);
    },
    async ownId(runner) {
      const rows: { id: string | number }[] = await runner.query('SELECT CONNECTION_ID() AS id');
      return String(rows[0]?.id);
    },
    async endHolder(runner, id) {
      try {
        await runner.query(`KILL ${BigInt(id)}`);
      } catch (error) {
        // It ended by itself between the question who holds the lock and this.
        if (!isNoSuchThread(error)) throw error;
      }
    },
  };
}

function isNoSuchThread(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && error.errno === NO_SUCH_THREAD;
}
