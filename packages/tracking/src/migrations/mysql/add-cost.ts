import type { MigrationInterface, QueryRunner } from 'typeorm';

import { TRACKING_TABLES } from '../../table-names.ts';
import { COST_COLUMNS } from '../cost-columns.ts';
import { migrationStep } from '../migration-step.ts';

const TABLE = TRACKING_TABLES.runHistory;

/** `etl_run_history`: what an attempt cost, and what of that the tracking. */
export class AddCost1785196800009 implements MigrationInterface {
  readonly name = 'AddCost1785196800009';

  async up(runner: QueryRunner): Promise<void> {
    const parts: string[] = [];
    for (const column of COST_COLUMNS) {
      if (!(await runner.hasColumn(TABLE, column))) parts.push(`ADD COLUMN \`${column}\` BIGINT NULL`);
    }
    if (parts.length === 0) return;
    await migrationStep(TABLE, () => runner.query(`ALTER TABLE \`${TABLE}\` ${parts.join(', ')}`));
  }

  /** Nothing is ever dropped. */
  async down(): Promise<void> {}
}
