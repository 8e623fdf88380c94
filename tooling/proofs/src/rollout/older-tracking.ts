import type { Pipeline } from '../pipeline.ts';

/**
 * Tracking tables as the older pipeline's parts left them: the replica's in TIMESTAMP with a record of `securitylog` alone,
 * the warehouse's as its dbt models built them, in other names and words.
 */
export async function createOlderTracking({ replica, warehouse }: Pipeline): Promise<void> {
  await replica.exec(`
    DROP TABLE IF EXISTS etl_copy_status, etl_run_history, etl_tombstone, tidemark_migrations;
    CREATE TABLE etl_copy_status (
      id INT AUTO_INCREMENT PRIMARY KEY,
      table_name VARCHAR(255) NOT NULL UNIQUE,
      last_copied TIMESTAMP NOT NULL DEFAULT '1970-01-01 00:00:01',
      last_primary_value VARCHAR(255) NULL,
      primary_column_name VARCHAR(255) NULL,
      rows_copied INT DEFAULT 0,
      copy_status VARCHAR(50) DEFAULT 'pending'
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3;
    INSERT INTO etl_copy_status (table_name, last_copied, last_primary_value, primary_column_name, rows_copied, copy_status)
    VALUES ('securitylog', '2025-06-06 21:14:03', '3696927', 'SecurityLogNum', 3696895, 'success')`);
  await warehouse.exec(`
    SET TIME ZONE 'UTC';
    DROP SCHEMA IF EXISTS raw CASCADE;
    CREATE SCHEMA raw;
    CREATE TABLE raw.etl_load_status AS
      SELECT 1 AS id, 'securitylog'::text AS table_name, '2025-06-06 21:20:00+00'::timestamptz AS last_extracted,
        3696895::bigint AS rows_extracted, 'completed'::text AS extraction_status, '3696927'::text AS last_primary_value
      UNION ALL SELECT 2, 'formerly_loaded', '2025-06-06 21:20:00+00', 12, 'in_progress', NULL;
    CREATE TABLE raw.etl_transform_status (
      id SERIAL PRIMARY KEY, table_name VARCHAR(255) NOT NULL UNIQUE,
      last_transformed TIMESTAMP NOT NULL DEFAULT '1970-01-01 00:00:01', rows_transformed INTEGER DEFAULT 0,
      transform_status VARCHAR(50) DEFAULT 'pending');
    INSERT INTO raw.etl_transform_status (table_name, transform_status) VALUES ('dbt_transformation_run', 'completed')`);
}

/** What the older pipeline wrote, of every record that it had: must be there for ever. */
export async function readOlderTracking({ replica, warehouse }: Pipeline): Promise<unknown> {
  const [copy] = await replica.query(
    `SELECT id, table_name, last_primary_value, primary_column_name FROM etl_copy_status WHERE table_name = 'securitylog'`,
  );
  const load = await warehouse.query(
    `SELECT id, table_name, last_extracted, rows_extracted, extraction_status, last_primary_value
       FROM raw.etl_load_status WHERE extraction_status IS NOT NULL ORDER BY id`,
  );
  const transform = await warehouse.query(
    `SELECT id, table_name, transform_status FROM raw.etl_transform_status WHERE table_name = 'dbt_transformation_run'`,
  );
  return { copy, load, transform };
}

const TABLES = {
  replica: ['etl_copy_status'],
  warehouse: ['raw.etl_load_status', 'raw.etl_transform_status'],
} as const;

/** Every column of every record of the three tiers. */
export async function readTracking({ replica, warehouse }: Pipeline): Promise<Record<string, unknown[]>> {
  const read: Record<string, unknown[]> = {};
  for (const table of TABLES.replica) read[table] = await replica.query(`SELECT * FROM ${table} ORDER BY id`);
  for (const table of TABLES.warehouse) read[table] = await warehouse.query(`SELECT * FROM ${table} ORDER BY id`);
  return read;
}
