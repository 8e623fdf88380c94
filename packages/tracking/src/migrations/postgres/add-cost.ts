import type { MigrationInterface, QueryRunner } from 'typeorm';

import { TRACKING_TABLES } from '../../table-names.ts';
import { COST_COLUMNS } from '../cost-columns.ts';
import { schemaOf } from './reconcile-table.ts';
import { qualified } from './table-statements.ts';

/** `etl_run_history`: what an attempt cost, and what of that the tracking. */
export class AddCost1785196800009 implements MigrationInterface {
  readonly name = 'AddCost1785196800009';

  async up(runner: QueryRunner): Promise<void> {
    const table = qualified(schemaOf(runner), TRACKING_TABLES.runHistory);
    const parts = COST_COLUMNS.map((column) => `ADD COLUMN IF NOT EXISTS ${column} bigint`);
    await runner.query(`ALTER TABLE ${table} ${parts.join(', ')}`);
  }

  /** Nothing is ever dropped. */
  async down(): Promise<void> {}
}
