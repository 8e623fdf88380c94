import { EntitySchema } from 'typeorm';

import { TRACKING_TABLES } from '../table-names.ts';
import { hopStatusColumns, type HopStatusRow, type WarehouseStatusRow } from './status-row.ts';

/** `raw.etl_load_status`, in the warehouse. */
export const loadStatus = new EntitySchema<HopStatusRow & WarehouseStatusRow>({
  name: 'LoadStatus',
  tableName: TRACKING_TABLES.loadStatus,
  columns: {
    ...hopStatusColumns({ lastSucceeded: 'last_loaded', rows: 'rows_loaded', status: 'load_status' }, 'timestamp'),
    writtenAt: { name: '_loaded_at', type: 'timestamp', nullable: true },
  },
});
