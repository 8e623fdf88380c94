import { EntitySchema } from 'typeorm';

import { TRACKING_TABLES } from '../table-names.ts';
import { hopStatusColumns, type CopyStatusRow } from './status-row.ts';

/** `etl_copy_status`, in the replica. */
export const copyStatus = new EntitySchema<CopyStatusRow>({
  name: 'CopyStatus',
  tableName: TRACKING_TABLES.copyStatus,
  columns: {
    ...hopStatusColumns({ lastSucceeded: 'last_copied', rows: 'rows_copied', status: 'copy_status' }, 'datetime'),
    resume: { name: 'resume_point', type: 'longtext', nullable: true },
  },
});
