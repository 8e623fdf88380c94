import type { MigrationInterface, QueryRunner } from 'typeorm';

import { TRACKING_TABLES } from '../../table-names.ts';
import { reconcileTable } from './reconcile-table.ts';
import { statusColumns, textColumn, timeColumn } from './status-columns.ts';
import type { WantedTable } from './wanted-table.ts';

const LOAD_STATUS: WantedTable = {
  name: TRACKING_TABLES.loadStatus,
  columns: [
    ...statusColumns('last_loaded', 'rows_loaded', 'load_status'),
    { name: 'watermarks', type: 'jsonb', accepts: ['jsonb', 'json'] },
    textColumn('highest_key', 32),
    textColumn('structure', 255),
    { name: 'copy_sequence', type: 'bigint', accepts: ['bigint'] },
    timeColumn('source_as_of'),
    textColumn('strategy', 32),
    timeColumn('digested_at'),
  ],
  indexes: [
    { name: 'uq_etl_load_status_table_name', columns: ['table_name'], unique: true },
    { name: 'idx_etl_load_status_last_loaded', columns: ['last_loaded'] },
  ],
};

/** `etl_load_status`: created, or taken over from the plan's DDL, the older pipeline or its dbt model. */
export class CreateLoadStatus1785196800001 implements MigrationInterface {
  readonly name = 'CreateLoadStatus1785196800001';

  async up(runner: QueryRunner): Promise<void> {
    await reconcileTable(runner, LOAD_STATUS);
  }

  /** Nothing is ever dropped: the rows are the only record of what has been loaded. */
  async down(): Promise<void> {}
}
