import type { MigrationInterface, QueryRunner } from 'typeorm';

import { TRACKING_TABLES } from '../../table-names.ts';
import { migrationStep } from '../migration-step.ts';

const TABLE = TRACKING_TABLES.runHistory;
const ONE_PER_RUN = 'uq_etl_run_history_run';
const ONE_PER_ATTEMPT = 'uq_etl_run_history_attempt';

/** `etl_run_history`: a run that tries a table again leaves an entry for each attempt. */
export class AddAttempt1785196800005 implements MigrationInterface {
  readonly name = 'AddAttempt1785196800005';

  async up(runner: QueryRunner): Promise<void> {
    const rows: { name: string }[] = await runner.query(
      'SELECT DISTINCT INDEX_NAME AS name FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?',
      [TABLE],
    );
    const indexes = new Set(rows.map(({ name }) => name));
    const parts = [
      ...((await runner.hasColumn(TABLE, 'attempt')) ? [] : ['ADD COLUMN `attempt` INT NOT NULL DEFAULT 1']),
      ...(indexes.has(ONE_PER_RUN) ? [`DROP INDEX \`${ONE_PER_RUN}\``] : []),
      ...(indexes.has(ONE_PER_ATTEMPT)
        ? []
        : [`ADD UNIQUE INDEX \`${ONE_PER_ATTEMPT}\` (\`run_id\`, \`hop\`, \`table_name\`, \`attempt\`)`]),
    ];
    if (parts.length === 0) return;
    await migrationStep(TABLE, () => runner.query(`ALTER TABLE \`${TABLE}\` ${parts.join(', ')}`));
  }

  /** No row is ever dropped. */
  async down(): Promise<void> {}
}
