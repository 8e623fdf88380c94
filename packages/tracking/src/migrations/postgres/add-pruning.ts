import type { MigrationInterface, QueryRunner } from 'typeorm';

import { TRACKING_TABLES } from '../../table-names.ts';
import { schemaOf } from './reconcile-table.ts';
import { qualified } from './table-statements.ts';

/** `etl_run_history`: old entries are found by their start. */
export class AddPruning1785196800007 implements MigrationInterface {
  readonly name = 'AddPruning1785196800007';

  async up(runner: QueryRunner): Promise<void> {
    const table = qualified(schemaOf(runner), TRACKING_TABLES.runHistory);
    await runner.query(`CREATE INDEX IF NOT EXISTS idx_etl_run_history_started ON ${table} (started_at)`);
  }

  /** No row is ever dropped. */
  async down(): Promise<void> {}
}
