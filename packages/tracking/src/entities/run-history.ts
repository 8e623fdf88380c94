import { EntitySchema } from 'typeorm';

import { TRACKING_TABLES } from '../table-names.ts';

/** One attempt of a run at a table in one hop. `finishedAt` is null while it runs. */
export interface HistoryRow {
  id: string;
  runId: string;
  table: string;
  hop: string;
  /** From 1; a run tries again what may pass. */
  attempt: number;
  startedAt: string;
  finishedAt: string | null;
  plan: string;
  reason: string;
  rowsRead: string | number;
  rowsInserted: string | number;
  rowsUpdated: string | number;
  rowsDeleted: string | number;
  rowsUnchanged: string | number;
  bytes: string | number;
  changes: Record<string, number> | null;
  status: string | null;
  errorCode: string | null;
  /** Connection id (MySQL, MariaDB) or backend pid (PostgreSQL) of the session: finds the run that holds a lock. */
  backendId: string | null;
  /** Microseconds, like `trackingTime`; the four are null for what did not succeed. */
  elapsedTime: string | number | null;
  trackingTime: string | number | null;
  statements: string | number | null;
  trackingStatements: string | number | null;
}

function runHistory(timeType: 'datetime' | 'timestamp'): EntitySchema<HistoryRow> {
  return new EntitySchema<HistoryRow>({
    name: 'RunHistory',
    tableName: TRACKING_TABLES.runHistory,
    columns: {
      id: { type: 'bigint', primary: true, generated: 'increment' },
      runId: { name: 'run_id', type: 'varchar', length: 64 },
      table: { name: 'table_name', type: 'varchar', length: 255 },
      hop: { type: 'varchar', length: 16 },
      attempt: { type: 'int' },
      startedAt: { name: 'started_at', type: timeType, precision: 6 },
      finishedAt: { name: 'finished_at', type: timeType, precision: 6, nullable: true },
      plan: { type: 'varchar', length: 32 },
      reason: { type: 'text' },
      rowsRead: { name: 'rows_read', type: 'bigint' },
      rowsInserted: { name: 'rows_inserted', type: 'bigint' },
      rowsUpdated: { name: 'rows_updated', type: 'bigint' },
      rowsDeleted: { name: 'rows_deleted', type: 'bigint' },
      rowsUnchanged: { name: 'rows_unchanged', type: 'bigint' },
      bytes: { type: 'bigint' },
      changes: { type: timeType === 'datetime' ? 'json' : 'jsonb', nullable: true },
      status: { type: 'varchar', length: 50, nullable: true },
      errorCode: { name: 'error_code', type: 'varchar', length: 64, nullable: true },
      backendId: { name: 'backend_id', type: 'bigint', nullable: true },
      elapsedTime: { name: 'elapsed_us', type: 'bigint', nullable: true },
      trackingTime: { name: 'tracking_us', type: 'bigint', nullable: true },
      statements: { type: 'bigint', nullable: true },
      trackingStatements: { name: 'tracking_statements', type: 'bigint', nullable: true },
    },
  });
}

/** `etl_run_history` in the replica. */
export const copyHistory = runHistory('datetime');

/** `raw.etl_run_history` in the warehouse. */
export const loadHistory = runHistory('timestamp');
