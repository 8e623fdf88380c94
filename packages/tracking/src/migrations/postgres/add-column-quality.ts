import type { MigrationInterface, QueryRunner } from 'typeorm';

import { TRACKING_TABLES } from '../../table-names.ts';
import { schemaOf } from './reconcile-table.ts';
import { qualified } from './table-statements.ts';

/** `etl_load_status`: what is known of the values in the incremental columns. */
export class AddColumnQuality1785196800004 implements MigrationInterface {
  readonly name = 'AddColumnQuality1785196800004';

  async up(runner: QueryRunner): Promise<void> {
    const table = qualified(schemaOf(runner), TRACKING_TABLES.loadStatus);
    await runner.query(`ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS column_quality jsonb`);
  }

  /** Nothing is ever dropped. */
  async down(): Promise<void> {}
}
