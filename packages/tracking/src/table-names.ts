/** Names of the tracking tables: a public contract, dashboards and dbt models read them. */
export const TRACKING_TABLES = {
  copyStatus: 'etl_copy_status',
  loadStatus: 'etl_load_status',
  transformStatus: 'etl_transform_status',
  runHistory: 'etl_run_history',
  /**
   * In the replica: rows that were hard-deleted in the source. Columns `table_name`, `copy_sequence`, `row_key` (a
   * JSON array of the key's values in their canonical text, in key order), `deleted_at` (UTC, filled by default).
   */
  tombstone: 'etl_tombstone',
  /** In the warehouse: what `tidemark verify` compared, and what came of it. */
  verification: 'etl_verification',
  migrations: 'tidemark_migrations',
} as const;
