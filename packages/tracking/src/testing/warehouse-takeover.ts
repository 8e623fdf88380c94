import { expect, it } from 'vitest';

import type { LoadTracking } from '../load-tracking.ts';
import type { Unmigrated } from './migration-contract.ts';
import { asText, errorOf } from './scene.ts';

export interface UnmigratedWarehouse extends Unmigrated {
  readonly tracking: LoadTracking;
}

interface StartingState {
  readonly ddl: string;
  /** Inserts `patient` and `claim` with what these tables know of them. */
  readonly rows: string;
}

/** `raw.etl_load_status` as others have made it. */
const STARTING_STATES: Readonly<Record<string, StartingState>> = {
  "the plan's tables": {
    ddl: `
      CREATE TABLE raw.etl_load_status (
        id SERIAL PRIMARY KEY, table_name VARCHAR(255) NOT NULL UNIQUE,
        last_loaded TIMESTAMP NOT NULL DEFAULT '1969-01-01 00:00:00', rows_loaded INTEGER DEFAULT 0,
        load_status VARCHAR(50) DEFAULT 'pending', _loaded_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
        _created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, _updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
      CREATE INDEX idx_etl_load_status_last_loaded ON raw.etl_load_status (last_loaded);
      CREATE TABLE raw.etl_transform_status (
        id SERIAL PRIMARY KEY, table_name VARCHAR(255) NOT NULL UNIQUE,
        last_transformed TIMESTAMP NOT NULL DEFAULT '1969-01-01 00:00:00', rows_transformed INTEGER DEFAULT 0,
        transformation_status VARCHAR(50) DEFAULT 'pending', _loaded_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
        _created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, _updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)`,
    rows: `
      INSERT INTO raw.etl_load_status (table_name, last_loaded, rows_loaded, load_status)
      VALUES ('patient', '2025-10-26 06:30:00', 35000, 'success'), ('claim', DEFAULT, 0, 'pending')`,
  },
  "the older pipeline's tables": {
    ddl: `
      CREATE TABLE raw.etl_load_status (
        id SERIAL PRIMARY KEY, table_name VARCHAR(255) NOT NULL UNIQUE,
        last_loaded TIMESTAMP NOT NULL DEFAULT '1970-01-01 00:00:01', last_primary_value VARCHAR(255) NULL,
        primary_column_name VARCHAR(255) NULL, rows_loaded INTEGER DEFAULT 0,
        load_status VARCHAR(50) DEFAULT 'pending', _loaded_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
        _created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, _updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
      CREATE TABLE raw.etl_transform_status (
        id SERIAL PRIMARY KEY, table_name VARCHAR(255) NOT NULL UNIQUE,
        last_transformed TIMESTAMP NOT NULL DEFAULT '1970-01-01 00:00:01', last_primary_value VARCHAR(255) NULL,
        primary_column_name VARCHAR(255) NULL, rows_transformed INTEGER DEFAULT 0,
        transform_status VARCHAR(50) DEFAULT 'pending', _transformed_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
      INSERT INTO raw.etl_transform_status (table_name, transform_status) VALUES ('dbt_transformation_run', 'completed')`,
    rows: `
      INSERT INTO raw.etl_load_status (table_name, last_loaded, rows_loaded, load_status, last_primary_value)
      VALUES ('patient', '2025-10-26 06:30:00', 35000, 'success', '2025-10-26|17'), ('claim', DEFAULT, 0, 'pending', NULL)`,
  },
  'what its dbt models built: no keys, no defaults, other names': {
    ddl: `
      CREATE TABLE raw.etl_load_status AS
      SELECT 7 AS id, 'x'::text AS table_name, now() AS last_extracted, 1::bigint AS rows_extracted,
        'completed'::text AS extraction_status WHERE false;
      ALTER TABLE raw.etl_load_status ALTER COLUMN extraction_status SET NOT NULL`,
    rows: `
      INSERT INTO raw.etl_load_status VALUES (7, 'patient', '2025-10-26 06:30:00+00', 35000, 'completed'),
        (NULL, 'claim', NULL, NULL, 'in_progress')`,
  },
  'times with a zone, counts as numeric': {
    ddl: `
      CREATE TABLE raw.etl_load_status (table_name TEXT PRIMARY KEY, last_loaded TIMESTAMPTZ DEFAULT now(),
        rows_loaded NUMERIC DEFAULT 0, load_status TEXT)`,
    rows: `
      INSERT INTO raw.etl_load_status VALUES ('patient', '2025-10-26 06:30:00+00', 35000, 'success'),
        ('claim', NULL, NULL, NULL)`,
  },
};

export function warehouseTakeover(create: () => Promise<UnmigratedWarehouse>): void {
  it.each(Object.keys(STARTING_STATES))('takes over %s', async (name) => {
    await using scene = await create();
    const { database, tracking } = scene;
    const state = STARTING_STATES[name];
    await database.exec(`SET TIME ZONE 'UTC'; CREATE SCHEMA raw; ${state?.ddl}; ${state?.rows}`);
    const before = await database.query('SELECT * FROM raw.etl_load_status ORDER BY table_name');

    await tracking.migrate();
    await tracking.requireCurrent();
    const after = await database.query('SELECT * FROM raw.etl_load_status ORDER BY table_name');
    expect(after).toHaveLength(2);
    for (const [index, row] of before.entries()) {
      const { id, last_loaded: lastLoaded, rows_loaded: rowsLoaded, ...rest } = row;
      expect(after[index]).toMatchObject(rest);
      expect(asText(after[index]?.['id'])).toBe(asText(id) ?? asText(after[index]?.['id']));
      const time = (asText(lastLoaded) ?? '1969-01-01 00:00:00').replace('+00', '');
      expect(after[index]?.['last_loaded']).toBe(time);
      expect(Number(after[index]?.['rows_loaded'] ?? 0)).toBe(Number(rowsLoaded ?? 0));
    }
    expect(await tracking.state('claim')).toMatchObject({ status: 'pending', succeeded: false, lastSucceededAt: null });
    // Also where the words stand in columns of another name.
    expect(await tracking.records()).toEqual([
      { table: 'claim', ...(await claimOf(scene)), lastSucceededAt: null, rows: 0 },
      {
        table: 'patient',
        writtenBy: 'older',
        state: 'success',
        lastSucceededAt: '2025-10-26T06:30:00.000000Z',
        rows: 35_000,
      },
    ]);
    expect(await tracking.seedPending(['patient', 'Patient'])).toEqual({ created: ['Patient'], existing: ['patient'] });
    expect(await database.query('SELECT table_name FROM raw.etl_load_status WHERE id IS NULL')).toEqual([]);
    await database.exec("DELETE FROM raw.etl_load_status WHERE table_name = 'Patient'");

    const schema = await schemaOf(scene);
    const rows = await database.query('SELECT * FROM raw.etl_load_status ORDER BY table_name');
    await database.exec('DROP TABLE raw.tidemark_migrations');
    await tracking.migrate();
    expect(await schemaOf(scene)).toEqual(schema);
    expect(await database.query('SELECT * FROM raw.etl_load_status ORDER BY table_name')).toEqual(rows);
  });

  it('keeps a view that reads the table, and the words of the older pipeline', async () => {
    await using scene = await create();
    const { database, tracking } = scene;
    const state = STARTING_STATES["the older pipeline's tables"];
    await database.exec(`CREATE SCHEMA raw; ${state?.ddl}; ${state?.rows};
      CREATE VIEW raw.summary AS SELECT table_name, rows_loaded, last_loaded FROM raw.etl_load_status`);
    await tracking.migrate();
    expect(await database.query("SELECT rows_loaded FROM raw.summary WHERE table_name = 'patient'")).toEqual([
      { rows_loaded: 35_000 },
    ]);
    expect(await database.query('SELECT table_name, transform_status FROM raw.etl_transform_status')).toEqual([
      { table_name: 'dbt_transformation_run', transform_status: 'completed' },
    ]);
    expect(await tracking.transformRecords()).toEqual([
      { table: 'dbt_transformation_run', writtenBy: 'older', state: 'success', lastSucceededAt: null, rows: 0 },
    ]);
    expect(await tracking.seedTransforms(['patient', 'dbt_transformation_run'])).toEqual({
      created: ['patient'],
      existing: ['dbt_transformation_run'],
    });
  });

  it('refuses a table that holds a name twice, and undoes everything', async () => {
    await using scene = await create();
    await scene.database.exec(`CREATE SCHEMA raw; CREATE TABLE raw.etl_transform_status (table_name TEXT);
      INSERT INTO raw.etl_transform_status VALUES ('m'), ('m')`);
    expect(await errorOf(scene.tracking.migrate())).toMatchObject({
      code: 'DUPLICATE_KEY',
      table: 'etl_transform_status',
    });
    expect(await scene.database.query("SELECT to_regclass('raw.etl_load_status') AS found")).toEqual([{ found: null }]);
  });

  it('refuses a view of that name', async () => {
    await using scene = await create();
    await scene.database.exec('CREATE SCHEMA raw; CREATE VIEW raw.etl_load_status AS SELECT 1 AS id');
    expect((await errorOf(scene.tracking.migrate())).code).toBe('SCHEMA_INCOMPATIBLE');
  });
}

/** What is known of a table that was never loaded: nothing, or that a load of it did not end. */
async function claimOf({ database }: Unmigrated): Promise<{ writtenBy: string; state: string }> {
  const [row] = await database.query(
    "SELECT to_jsonb(s) ->> 'extraction_status' AS word FROM raw.etl_load_status s WHERE table_name = 'claim'",
  );
  return row?.['word'] === 'in_progress'
    ? { writtenBy: 'older', state: 'running' }
    : { writtenBy: 'seed', state: 'pending' };
}

async function schemaOf({ database }: Unmigrated): Promise<unknown> {
  const columns = await database.query(
    `SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity
     FROM information_schema.columns WHERE table_schema = 'raw' AND table_name LIKE 'etl%' ORDER BY 1, ordinal_position`,
  );
  const indexes = await database.query(
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'raw' AND tablename LIKE 'etl%' ORDER BY 1",
  );
  return { columns, indexes };
}
