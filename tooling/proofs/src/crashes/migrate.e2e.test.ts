import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { armPoint, tracePoints } from '@tidemark/testkit';
import { TRACKING_TABLES } from '@tidemark/tracking';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openCommand, type Command } from '../command.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import { inParallel } from './in-parallel.ts';
import { expectSuccess } from './reference.ts';

const ROOMS = 2;
/** Where MySQL has what the list of migrations does not know of yet. Of the other visits the ordinary run tries some. */
const HALF_WAY = 'migrate.after-ddl';
const EVERY = process.env['TIDEMARK_TEST_CRASHES'] === 'all' ? 1 : 4;
const POINTS = ['migrate.before-ddl', HALF_WAY, 'migrate.recorded'];

interface Room {
  readonly pipeline: Pipeline;
  readonly command: Command;
}

let rooms: Room[] = [];

beforeAll(async () => {
  const pipelines = await Promise.all(Array.from({ length: ROOMS }, () => openPipeline()));
  rooms = pipelines.map((pipeline) => ({ pipeline, command: openCommand(pipeline, 'tables: {patient: {}}') }));
});

afterAll(async () => {
  for (const { pipeline, command } of rooms) {
    command[Symbol.dispose]();
    await pipeline[Symbol.asyncDispose]();
  }
});

const NOTHING = { replica: '', warehouse: '' };

/** Tracking tables as the older pipeline made them. */
const OLDER = {
  replica: `
    CREATE TABLE etl_copy_status (
      table_name VARCHAR(190) NOT NULL PRIMARY KEY, last_copied TIMESTAMP NULL, rows_copied INT UNSIGNED,
      copy_status VARCHAR(20)) ENGINE=MyISAM DEFAULT CHARSET=latin1;
    INSERT INTO etl_copy_status VALUES ('patient', '2025-10-26 06:30:00', 35000, 'success'), ('claim', NULL, NULL, NULL)`,
  warehouse: `
    CREATE SCHEMA raw;
    CREATE TABLE raw.etl_load_status (
      id SERIAL PRIMARY KEY, table_name VARCHAR(255) NOT NULL UNIQUE,
      last_loaded TIMESTAMP NOT NULL DEFAULT '1970-01-01 00:00:01', last_primary_value VARCHAR(255) NULL,
      rows_loaded INTEGER DEFAULT 0, load_status VARCHAR(50) DEFAULT 'pending',
      _loaded_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
    INSERT INTO raw.etl_load_status (table_name, rows_loaded, load_status) VALUES ('patient', 35000, 'success')`,
};

// Guards the order in tracking/src/migrations: each statement may be the last one, and all are run again by the next.
test.each([
  ['on empty databases', NOTHING],
  ['over the tables of an older pipeline', OLDER],
] as const)(
  'tidemark migrate killed anywhere %s is finished by the next one',
  { timeout: 600_000 },
  async (_, start) => {
    const [first] = rooms;
    if (!first) throw new Error('There is no room.');
    const trace = join(first.command.folder, 'trace');
    rmSync(trace, { force: true });
    await prepare(first, start);
    expectSuccess(await first.command.run(['migrate'], tracePoints(trace)));
    const wanted = await describeTracking(first.pipeline);
    const visits = POINTS.flatMap((point) => {
      const count = readFileSync(trace, 'utf8').split(`${point} `).length - 1;
      expect(count).toBeGreaterThan(1);
      return Array.from({ length: count }, (__, index) => ({ point, nth: index + 1 }));
    });
    await inParallel(
      rooms,
      visits.filter(({ point }, index) => point === HALF_WAY || index % EVERY === 0),
      async (room, { point, nth }) => {
        await prepare(room, start);
        const { signal, stderr } = await room.command.run(
          ['migrate'],
          armPoint({ point, table: '*', action: 'kill', nth }),
        );
        expect(signal, stderr).toBe('SIGKILL');
        expectSuccess(await room.command.run(['migrate']));
        expect(await describeTracking(room.pipeline), `killed at ${point}, visit ${nth}`).toEqual(wanted);
        expectSuccess(await room.command.run(['status']));
      },
    );
  },
);

async function prepare({ pipeline }: Room, { replica, warehouse }: typeof NOTHING): Promise<void> {
  const tables = await pipeline.replica.query<{ name: string }>(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()`,
  );
  if (tables.length > 0) await pipeline.replica.exec(`DROP TABLE ${tables.map(({ name }) => name).join(', ')}`);
  await pipeline.warehouse.exec('DROP SCHEMA IF EXISTS raw CASCADE');
  if (replica !== '') await pipeline.replica.exec(replica);
  if (warehouse !== '') await pipeline.warehouse.exec(warehouse);
}

/** Columns, indexes, migrations and rows of the tracking tables, without times and numbers that count on. */
async function describeTracking({ replica, warehouse }: Pipeline): Promise<unknown> {
  const { copyStatus, loadStatus, migrations } = TRACKING_TABLES;
  return {
    replica: [
      await replica.query(
        `SELECT table_name, column_name, column_type, is_nullable, column_default, extra, collation_name
           FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position`,
      ),
      await replica.query(
        `SELECT table_name, index_name, column_name, seq_in_index, non_unique FROM information_schema.statistics
          WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index`,
      ),
      await replica.query(`SELECT table_name, engine FROM information_schema.tables WHERE table_schema = DATABASE()
        ORDER BY table_name`),
      await replica.query(`SELECT name FROM ${migrations} ORDER BY name`),
      await replica.query(`SELECT table_name, last_copied, rows_copied, copy_status FROM ${copyStatus} ORDER BY 1`),
    ],
    warehouse: [
      await warehouse.query(
        `SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity
           FROM information_schema.columns WHERE table_schema = 'raw' ORDER BY table_name, ordinal_position`,
      ),
      await warehouse.query(`SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'raw'
        ORDER BY tablename, indexname`),
      await warehouse.query(`SELECT name FROM raw.${migrations} ORDER BY name`),
      await warehouse.query(
        `SELECT table_name, last_loaded, rows_loaded, load_status FROM raw.${loadStatus} ORDER BY 1`,
      ),
    ],
  };
}
