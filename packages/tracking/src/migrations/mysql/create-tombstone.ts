import type { MigrationInterface, QueryRunner } from 'typeorm';

import { TRACKING_TABLES } from '../../table-names.ts';
import { reconcileTable } from './reconcile-table.ts';
import type { WantedTable } from './wanted-table.ts';

const TOMBSTONE: WantedTable = {
  name: TRACKING_TABLES.tombstone,
  unique: null,
  columns: [
    { name: 'id', type: 'BIGINT', accepts: [], notNull: true, autoIncrement: true },
    {
      name: 'table_name',
      type: 'VARCHAR(64)',
      accepts: ['varchar'],
      size: 64,
      collation: 'utf8mb4_bin',
      notNull: true,
    },
    { name: 'copy_sequence', type: 'BIGINT UNSIGNED', accepts: ['bigint'], notNull: true },
    { name: 'row_key', type: 'LONGTEXT', accepts: ['longtext'], collation: 'utf8mb4_bin', notNull: true },
    {
      name: 'deleted_at',
      type: 'DATETIME(6)',
      accepts: ['datetime'],
      size: 6,
      notNull: true,
      default: 'CURRENT_TIMESTAMP(6)',
    },
  ],
  indexes: [{ name: 'idx_etl_tombstone_table', columns: ['table_name', 'copy_sequence'] }],
};

/** `etl_tombstone` in the replica: what was hard-deleted in the source, for the load hop. */
export class CreateTombstone1785196800003 implements MigrationInterface {
  readonly name = 'CreateTombstone1785196800003';

  async up(runner: QueryRunner): Promise<void> {
    await reconcileTable(runner, TOMBSTONE);
  }

  /** Nothing is ever dropped. */
  async down(): Promise<void> {}
}
