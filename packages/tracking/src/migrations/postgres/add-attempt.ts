import type { MigrationInterface, QueryRunner } from 'typeorm';

import { TRACKING_TABLES } from '../../table-names.ts';
import { schemaOf } from './reconcile-table.ts';
import { qualified, quoted } from './table-statements.ts';

/** `etl_run_history`: a run that tries a table again leaves an entry for each attempt. */
export class AddAttempt1785196800005 implements MigrationInterface {
  readonly name = 'AddAttempt1785196800005';

  async up(runner: QueryRunner): Promise<void> {
    const schema = schemaOf(runner);
    const table = qualified(schema, TRACKING_TABLES.runHistory);
    await runner.query(`ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS attempt integer NOT NULL DEFAULT 1`);
    await runner.query(`DROP INDEX IF EXISTS ${quoted(schema)}.uq_etl_run_history_run`);
    await runner.query(
      `CREATE UNIQUE INDEX IF NOT EXISTS uq_etl_run_history_attempt ON ${table} (run_id, hop, table_name, attempt)`,
    );
  }

  /** No row is ever dropped. */
  async down(): Promise<void> {}
}
