import type { MigrationInterface, QueryRunner } from 'typeorm';

import { TRACKING_TABLES } from '../../table-names.ts';
import { migrationStep } from '../migration-step.ts';

/** `etl_copy_status`: what is known of the values in the incremental columns. */
export class AddColumnQuality1785196800004 implements MigrationInterface {
  readonly name = 'AddColumnQuality1785196800004';

  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn(TRACKING_TABLES.copyStatus, 'column_quality')) return;
    await migrationStep(TRACKING_TABLES.copyStatus, () =>
      runner.query(`ALTER TABLE \`${TRACKING_TABLES.copyStatus}\` ADD COLUMN \`column_quality\` JSON NULL`),
    );
  }

  /** Nothing is ever dropped. */
  async down(): Promise<void> {}
}
