import type { MigrationInterface, QueryRunner } from 'typeorm';

import { TRACKING_TABLES } from '../../table-names.ts';
import { migrationStep } from '../migration-step.ts';

const { copyStatus, runHistory } = TRACKING_TABLES;
const BY_START = 'idx_etl_run_history_started';

/** `etl_copy_status`: up to which copy tombstones may be gone. `etl_run_history`: old entries are found by their start. */
export class AddPruning1785196800007 implements MigrationInterface {
  readonly name = 'AddPruning1785196800007';

  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn(copyStatus, 'tombstones_pruned_to'))) {
      await migrationStep(copyStatus, () =>
        runner.query(`ALTER TABLE \`${copyStatus}\` ADD COLUMN \`tombstones_pruned_to\` BIGINT NULL`),
      );
    }
    const found: unknown[] = await runner.query(
      `SELECT 1 FROM information_schema.STATISTICS
        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND INDEX_NAME = ?`,
      [runHistory, BY_START],
    );
    if (found.length > 0) return;
    await migrationStep(runHistory, () =>
      runner.query(`ALTER TABLE \`${runHistory}\` ADD INDEX \`${BY_START}\` (\`started_at\`)`),
    );
  }

  /** No row is ever dropped. */
  async down(): Promise<void> {}
}
