import type { MigrationInterface, QueryRunner } from 'typeorm';

import { TRACKING_TABLES } from '../../table-names.ts';
import { reconcileTable } from './reconcile-table.ts';
import { COST_COLUMNS } from '../cost-columns.ts';
import type { WantedColumn, WantedTable } from './wanted-table.ts';

const count = (name: string): WantedColumn => ({
  name,
  type: 'BIGINT',
  accepts: ['bigint'],
  notNull: true,
  default: '0',
});

const text = (name: string, size: number, notNull: boolean): WantedColumn => ({
  name,
  type: `VARCHAR(${size})`,
  accepts: ['varchar'],
  size,
  collation: 'utf8mb4_bin',
  notNull,
});

const RUN_HISTORY: WantedTable = {
  name: TRACKING_TABLES.runHistory,
  unique: null,
  columns: [
    { name: 'id', type: 'BIGINT', accepts: [], notNull: true, autoIncrement: true },
    text('run_id', 64, true),
    text('table_name', 255, true),
    text('hop', 16, true),
    { name: 'attempt', type: 'INT', accepts: ['int', 'bigint'], notNull: true, default: '1' },
    { name: 'started_at', type: 'DATETIME(6)', accepts: ['datetime'], size: 6, notNull: true },
    { name: 'finished_at', type: 'DATETIME(6)', accepts: ['datetime'], size: 6 },
    text('plan', 32, true),
    { name: 'reason', type: 'TEXT', accepts: ['text'], collation: 'utf8mb4_bin' },
    ...['rows_read', 'rows_inserted', 'rows_updated', 'rows_deleted', 'rows_unchanged', 'bytes'].map(count),
    { name: 'changes', type: 'JSON', accepts: ['json', 'longtext'] },
    text('status', 50, false),
    text('error_code', 64, false),
    { name: 'backend_id', type: 'BIGINT', accepts: ['bigint'] },
    ...COST_COLUMNS.map((name) => ({ name, type: 'BIGINT', accepts: ['bigint'] })),
  ],
  indexes: [
    { name: 'uq_etl_run_history_attempt', columns: ['run_id', 'hop', 'table_name', 'attempt'], unique: true },
    { name: 'idx_etl_run_history_table', columns: ['table_name', 'hop', 'finished_at'] },
    { name: 'idx_etl_run_history_started', columns: ['started_at'] },
  ],
};

/** `etl_run_history` in the replica. */
export class CreateRunHistory1785196800002 implements MigrationInterface {
  readonly name = 'CreateRunHistory1785196800002';

  async up(runner: QueryRunner): Promise<void> {
    await reconcileTable(runner, RUN_HISTORY);
  }

  /** Nothing is ever dropped. */
  async down(): Promise<void> {}
}
