import { EntitySchema } from 'typeorm';

import { TRACKING_TABLES } from '../table-names.ts';

/** One comparison of one table in all three databases. */
export interface VerificationRow {
  id: string;
  runId: string;
  table: string;
  startedAt: string;
  finishedAt: string;
  scope: string;
  verdict: string;
  sourceAsOf: string | null;
  sourceRows: string | number | null;
  replicaRows: string | number | null;
  warehouseRows: string | number | null;
  missing: string | number;
  extra: string | number;
  different: string | number;
  pending: string | number;
  inMotion: string | number;
  repaired: string | number;
  causes: Record<string, number> | null;
  columns: Record<string, number> | null;
  errorCode: string | null;
}

/** `raw.etl_verification`. */
export const verification = new EntitySchema<VerificationRow>({
  name: 'Verification',
  tableName: TRACKING_TABLES.verification,
  columns: {
    id: { type: 'bigint', primary: true, generated: 'increment' },
    runId: { name: 'run_id', type: 'varchar', length: 64 },
    table: { name: 'table_name', type: 'varchar', length: 255 },
    startedAt: { name: 'started_at', type: 'timestamp', precision: 6 },
    finishedAt: { name: 'finished_at', type: 'timestamp', precision: 6 },
    scope: { type: 'varchar', length: 16 },
    verdict: { type: 'varchar', length: 16 },
    sourceAsOf: { name: 'source_as_of', type: 'timestamp', precision: 6, nullable: true },
    sourceRows: { name: 'source_rows', type: 'bigint', nullable: true },
    replicaRows: { name: 'replica_rows', type: 'bigint', nullable: true },
    warehouseRows: { name: 'warehouse_rows', type: 'bigint', nullable: true },
    missing: { type: 'bigint' },
    extra: { type: 'bigint' },
    different: { type: 'bigint' },
    pending: { type: 'bigint' },
    inMotion: { name: 'in_motion', type: 'bigint' },
    repaired: { type: 'bigint' },
    causes: { type: 'jsonb', nullable: true },
    columns: { name: 'differing_columns', type: 'jsonb', nullable: true },
    errorCode: { name: 'error_code', type: 'varchar', length: 64, nullable: true },
  },
});
