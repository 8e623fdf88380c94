import type { MigrationInterface, QueryRunner } from 'typeorm';

import { TRACKING_TABLES } from '../../table-names.ts';
import { reconcileTable } from './reconcile-table.ts';
import { statusColumns } from './status-columns.ts';
import type { WantedTable } from './wanted-table.ts';

const TRANSFORM_STATUS: WantedTable = {
  name: TRACKING_TABLES.transformStatus,
  columns: statusColumns('last_transformed', 'rows_transformed', 'transformation_status'),
  indexes: [
    { name: 'uq_etl_transform_status_table_name', columns: ['table_name'], unique: true },
    { name: 'idx_etl_transform_status_last_transformed', columns: ['last_transformed'] },
  ],
};

/** `etl_transform_status`: created, or taken over. The older pipeline's `transform_status` column stays beside ours. */
export class CreateTransformStatus1785196800002 implements MigrationInterface {
  readonly name = 'CreateTransformStatus1785196800002';

  async up(runner: QueryRunner): Promise<void> {
    await reconcileTable(runner, TRANSFORM_STATUS);
  }

  /** Nothing is ever dropped. */
  async down(): Promise<void> {}
}
