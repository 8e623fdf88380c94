import type { MigrationInterface, QueryRunner } from 'typeorm';

import { TRACKING_TABLES } from '../../table-names.ts';
import { COST_COLUMNS } from '../cost-columns.ts';
import { reconcileTable } from './reconcile-table.ts';
import { countColumn, textColumn, timeColumn } from './status-columns.ts';
import type { WantedTable } from './wanted-table.ts';

const RUN_HISTORY: WantedTable = {
  name: TRACKING_TABLES.runHistory,
  columns: [
    textColumn('run_id', 64, { notNull: true }),
    textColumn('table_name', 255, { notNull: true }),
    textColumn('hop', 16, { notNull: true }),
    { name: 'attempt', type: 'integer', accepts: ['integer', 'bigint'], notNull: true, default: '1' },
    timeColumn('started_at', { notNull: true }),
    timeColumn('finished_at'),
    textColumn('plan', 32, { notNull: true }),
    { name: 'reason', type: 'text', accepts: ['text'] },
    ...['rows_read', 'rows_inserted', 'rows_updated', 'rows_deleted', 'rows_unchanged', 'bytes'].map((name) =>
      countColumn(name, { notNull: true }),
    ),
    { name: 'changes', type: 'jsonb', accepts: ['jsonb', 'json'] },
    textColumn('status', 50),
    textColumn('error_code', 64),
    { name: 'backend_id', type: 'bigint', accepts: ['bigint'] },
    ...COST_COLUMNS.map((name) => ({ name, type: 'bigint', accepts: ['bigint'] })),
  ],
  indexes: [
    { name: 'uq_etl_run_history_attempt', columns: ['run_id', 'hop', 'table_name', 'attempt'], unique: true },
    { name: 'idx_etl_run_history_table', columns: ['table_name', 'hop', 'finished_at'] },
    { name: 'idx_etl_run_history_started', columns: ['started_at'] },
  ],
};

/** `etl_run_history` in the warehouse, for the load and the transform hop. */
export class CreateRunHistory1785196800003 implements MigrationInterface {
  readonly name = 'CreateRunHistory1785196800003';

  async up(runner: QueryRunner): Promise<void> {
    await reconcileTable(runner, RUN_HISTORY);
  }

  /** Nothing is ever dropped. */
  async down(): Promise<void> {}
}
