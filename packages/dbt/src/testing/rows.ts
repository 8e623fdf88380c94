import type { TestDatabase } from '@tidemark/testkit';
import type { Pipeline } from '@tidemark/proofs';

type Row = Readonly<Record<string, unknown>>;

/** All that a recorded run leaves, but for numbers and the moments of writing. */
export interface Recorded {
  readonly status: readonly Row[];
  readonly history: readonly Row[];
}

const STATUS = `
  SELECT table_name, last_transformed, rows_transformed, transformation_status, last_error, consecutive_failures,
         CASE transformation_status WHEN 'success' THEN _loaded_at END AS loaded_at
    FROM raw.etl_transform_status ORDER BY table_name COLLATE "C"`;

const HISTORY = `
  SELECT run_id, table_name, hop, attempt, started_at, finished_at, plan, reason, rows_read, rows_inserted, rows_updated,
         rows_deleted, rows_unchanged, bytes, changes, status, error_code, backend_id
    FROM raw.etl_run_history WHERE hop = 'transform' ORDER BY finished_at, table_name COLLATE "C"`;

export async function recordedRows(warehouse: TestDatabase): Promise<Recorded> {
  return { status: await warehouse.query(STATUS), history: await warehouse.query(HISTORY) };
}

export async function forgetRuns(warehouse: TestDatabase): Promise<void> {
  await warehouse.exec(`DELETE FROM raw.etl_transform_status; DELETE FROM raw.etl_run_history WHERE hop = 'transform'`);
}

/** Status, error and rows of each model. */
export async function statusOf(pipeline: Pick<Pipeline, 'loadTracking'>): Promise<Readonly<Record<string, string>>> {
  const states = await pipeline.loadTracking.transformStates();
  return Object.fromEntries(states.map((state) => [state.model, state.lastError ?? state.status]));
}
