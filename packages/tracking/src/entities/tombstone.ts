import { EntitySchema } from 'typeorm';

import { TRACKING_TABLES } from '../table-names.ts';

export interface TombstoneRow {
  id: string;
  table: string;
  copySequence: string;
  /** JSON array of the key's values in canonical text, in key order. */
  rowKey: string;
  deletedAt: string;
}

/** `etl_tombstone`, in the replica. The replicator writes it within its transaction, the loader reads it. */
export const tombstone = new EntitySchema<TombstoneRow>({
  name: 'Tombstone',
  tableName: TRACKING_TABLES.tombstone,
  columns: {
    id: { type: 'bigint', primary: true, generated: 'increment' },
    table: { name: 'table_name', type: 'varchar', length: 64 },
    copySequence: { name: 'copy_sequence', type: 'bigint', unsigned: true },
    rowKey: { name: 'row_key', type: 'longtext' },
    deletedAt: { name: 'deleted_at', type: 'datetime', precision: 6 },
  },
});
