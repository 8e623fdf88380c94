import type { MigrationInterface, QueryRunner } from 'typeorm';

import { TRACKING_TABLES } from '../../table-names.ts';
import { reconcileTable } from './reconcile-table.ts';
import { countColumn, textColumn, timeColumn } from './status-columns.ts';
import type { WantedTable } from './wanted-table.ts';

const ROWS = ['source_rows', 'replica_rows', 'warehouse_rows'];
const COUNTS = ['missing', 'extra', 'different', 'pending', 'in_motion', 'repaired'];

const VERIFICATION: WantedTable = {
  name: TRACKING_TABLES.verification,
  columns: [
    textColumn('run_id', 64, { notNull: true }),
    textColumn('table_name', 255, { notNull: true }),
    timeColumn('started_at', { notNull: true }),
    timeColumn('finished_at', { notNull: true }),
    textColumn('scope', 16, { notNull: true }),
    textColumn('verdict', 16, { notNull: true }),
    timeColumn('source_as_of'),
    ...ROWS.map((name) => ({ name, type: 'bigint', accepts: ['bigint'] })),
    ...COUNTS.map((name) => countColumn(name, { notNull: true })),
    { name: 'causes', type: 'jsonb', accepts: ['jsonb', 'json'] },
    { name: 'differing_columns', type: 'jsonb', accepts: ['jsonb', 'json'] },
    textColumn('error_code', 64),
  ],
  indexes: [{ name: 'idx_etl_verification_proved', columns: ['table_name', 'verdict', 'finished_at'] }],
};

/** `etl_verification`: what was compared when, and what came of it. */
export class CreateVerification1785196800006 implements MigrationInterface {
  readonly name = 'CreateVerification1785196800006';

  async up(runner: QueryRunner): Promise<void> {
    await reconcileTable(runner, VERIFICATION);
  }

  /** Nothing is ever dropped. */
  async down(): Promise<void> {}
}
