import type { MigrationInterface, QueryRunner } from 'typeorm';

import { TRACKING_TABLES } from '../../table-names.ts';
import { reconcileTable } from './reconcile-table.ts';
import type { WantedTable } from './wanted-table.ts';

const TEXT_TYPES = ['varchar', 'text', 'mediumtext', 'longtext'];

/** MariaDB stores JSON as LONGTEXT with a check. */
const JSON_TYPES = ['json', 'longtext'];

const COPY_STATUS: WantedTable = {
  name: TRACKING_TABLES.copyStatus,
  unique: 'table_name',
  columns: [
    { name: 'id', type: 'BIGINT', accepts: [], notNull: true, autoIncrement: true },
    // Binary collation: on Linux `Patient` and `patient` are two tables.
    {
      name: 'table_name',
      type: 'VARCHAR(255)',
      accepts: ['varchar'],
      size: 255,
      collation: 'utf8mb4_bin',
      notNull: true,
    },
    // DATETIME: a TIMESTAMP cannot hold 1969. See docs/decisions/0001.
    {
      name: 'last_copied',
      type: 'DATETIME(6)',
      accepts: ['datetime'],
      size: 6,
      notNull: true,
      default: "'1969-01-01 00:00:00.000000'",
    },
    { name: 'rows_copied', type: 'BIGINT', accepts: ['bigint'], default: '0' },
    { name: 'copy_status', type: 'VARCHAR(50)', accepts: TEXT_TYPES, size: 50, default: "'pending'" },
    { name: '_created_at', type: 'TIMESTAMP', accepts: [], default: 'CURRENT_TIMESTAMP' },
    {
      name: '_updated_at',
      type: 'TIMESTAMP',
      accepts: [],
      default: 'CURRENT_TIMESTAMP',
      onUpdate: 'CURRENT_TIMESTAMP',
    },
    { name: 'watermarks', type: 'JSON', accepts: JSON_TYPES },
    { name: 'highest_key', type: 'VARCHAR(32)', accepts: TEXT_TYPES, size: 32 },
    { name: 'structure', type: 'VARCHAR(255)', accepts: TEXT_TYPES, size: 255 },
    { name: 'copy_sequence', type: 'BIGINT', accepts: ['bigint'] },
    { name: 'source_as_of', type: 'DATETIME(6)', accepts: ['datetime'], size: 6 },
    { name: 'strategy', type: 'VARCHAR(32)', accepts: TEXT_TYPES, size: 32 },
    { name: 'last_error', type: 'VARCHAR(64)', accepts: TEXT_TYPES, size: 64 },
    { name: 'consecutive_failures', type: 'INT', accepts: ['int', 'bigint'], notNull: true, default: '0' },
    { name: 'resume_point', type: 'LONGTEXT', accepts: ['longtext'] },
    { name: 'digested_at', type: 'DATETIME(6)', accepts: ['datetime'], size: 6 },
    { name: 'tombstones_pruned_to', type: 'BIGINT', accepts: ['bigint'] },
  ],
  indexes: [{ name: 'idx_etl_copy_status_last_copied', columns: ['last_copied'] }],
};

/** `etl_copy_status`: created, or taken over from the plan's DDL or the older pipeline. */
export class CreateCopyStatus1785196800001 implements MigrationInterface {
  readonly name = 'CreateCopyStatus1785196800001';

  async up(runner: QueryRunner): Promise<void> {
    await reconcileTable(runner, COPY_STATUS);
  }

  /** Nothing is ever dropped: the rows are the only record of what has been copied. */
  async down(): Promise<void> {}
}
