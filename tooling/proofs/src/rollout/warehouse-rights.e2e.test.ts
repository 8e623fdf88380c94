import { afterAll, beforeAll, expect, test } from 'vitest';

import { openPipeline, type Pipeline } from '../pipeline.ts';
import { grantsOf } from './rollout-page.ts';

let pipeline: Pipeline;
let elder: string;
let user: string;

beforeAll(async () => {
  pipeline = await openPipeline();
  const { database } = pipeline.warehouse.endpoint;
  [elder, user] = [`elder_${database}`, `tidemark_${database}`];
  await pipeline.warehouse.exec(`
    DROP SCHEMA raw CASCADE;
    CREATE ROLE ${elder} CREATEROLE;
    ALTER DATABASE ${database} OWNER TO ${elder};
    SET ROLE ${elder};
    CREATE SCHEMA raw;
    CREATE TABLE raw.patient ("PatNum" bigint PRIMARY KEY, "LName" text);
    CREATE TABLE raw.etl_load_status (id serial PRIMARY KEY, table_name varchar(255) UNIQUE NOT NULL, rows_loaded integer);
    CREATE SEQUENCE raw.batches;
    RESET ROLE`);
});

afterAll(async () => {
  await pipeline.warehouse.exec(`
    RESET ROLE;
    ALTER DATABASE ${pipeline.warehouse.endpoint.database} OWNER TO CURRENT_USER;
    DROP OWNED BY ${user} CASCADE; DROP ROLE ${user};
    DROP OWNED BY ${elder} CASCADE; DROP ROLE ${elder}`);
  await pipeline[Symbol.asyncDispose]();
});

// The statements of docs/rollout.md, by whom the page says.
test('the owner of the older tables hands them over without a superuser, and can still write to them', async () => {
  const statements = grantsOf('warehouse', pipeline, { user, password: 'p' });
  await pipeline.warehouse.exec(`SET ROLE ${elder}; ${statements}; RESET ROLE`);
  const owners = await pipeline.warehouse.query(
    `SELECT DISTINCT relowner::regrole::text AS owner FROM pg_class
      WHERE relnamespace = 'raw'::regnamespace AND relkind IN ('r', 'p')`,
  );
  expect(owners).toEqual([{ owner: user }]);
  // As after the way back.
  await pipeline.warehouse.exec(`
    SET ROLE ${elder};
    INSERT INTO raw.patient VALUES (1, 'a');
    INSERT INTO raw.etl_load_status (table_name) VALUES ('patient')
        ON CONFLICT (table_name) DO UPDATE SET rows_loaded = 1;
    TRUNCATE raw.patient;
    SELECT nextval('raw.batches');
    RESET ROLE`);
});
