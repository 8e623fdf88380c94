import { EntitySchema } from 'typeorm';

import { TRACKING_TABLES } from '../table-names.ts';
import { statusColumns, type StatusRow, type WarehouseStatusRow } from './status-row.ts';

/** `raw.etl_transform_status`, in the warehouse; one row per dbt model, `table_name` is the model's name. */
export const transformStatus = new EntitySchema<StatusRow & WarehouseStatusRow>({
  name: 'TransformStatus',
  tableName: TRACKING_TABLES.transformStatus,
  columns: {
    ...statusColumns(
      { lastSucceeded: 'last_transformed', rows: 'rows_transformed', status: 'transformation_status' },
      'timestamp',
    ),
    writtenAt: { name: '_loaded_at', type: 'timestamp', nullable: true },
  },
});
