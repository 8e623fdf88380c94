import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { armPoint } from '@tidemark/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { openCommand, untilReached, type Command, type CommandEnd } from '../command.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import { ABSENT, createManyTables, INCREMENTAL, manyTablesYml, PASSING, SYNCED } from './many-tables.ts';
import { createOlderTracking, readOlderTracking, readTracking } from './older-tracking.ts';
import { tapStatements } from './statement-tap.ts';

const TIERS = ['copy', 'load', 'transform'];
const TRANSFORM_TABLE = 'etl_transform_status';

let pipeline: Pipeline;
let backfill: Command;

beforeAll(async () => {
  pipeline = await openPipeline();
  await createManyTables(pipeline);
  backfill = openCommand(pipeline, manyTablesYml(), 'backfill');
});

afterAll(async () => {
  backfill[Symbol.dispose]();
  await pipeline[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await createOlderTracking(pipeline);
  await pipeline.copyTracking.migrate();
  await pipeline.loadTracking.migrate();
});

interface Share {
  readonly recorded: number;
  readonly of: number;
  readonly percent: number;
}

interface Tier {
  readonly tier: string;
  readonly created: readonly string[];
  readonly before: { readonly incremental: Share; readonly synced: Share };
  readonly after: { readonly incremental: Share; readonly synced: Share };
  readonly older: readonly Record<string, unknown>[];
  readonly strangers: readonly string[];
}

interface Report {
  readonly dryRun: boolean;
  readonly tables: { readonly synced: number; readonly withIncrementalColumns: number };
  readonly skipped: readonly { readonly table: string; readonly reason: string }[];
  readonly tiers: readonly Tier[];
}

function reportOf(end: CommandEnd): Report {
  expect(end).toMatchObject({ code: 0, stderr: '' });
  const report: Report = JSON.parse(end.stdout);
  return report;
}

async function run(...flags: readonly string[]): Promise<Report> {
  return reportOf(await backfill.run(['--json', '--quiet', ...flags]));
}

function createdBy({ tiers }: Report): number[] {
  return tiers.map(({ created }) => created.length);
}

async function expectComplete(): Promise<void> {
  const report = await run('--dry-run');
  const all = { recorded: SYNCED, of: SYNCED, percent: 100 };
  const incremental = { recorded: INCREMENTAL, of: INCREMENTAL, percent: 100 };
  expect(report.tiers.map(({ before }) => before)).toEqual(TIERS.map(() => ({ incremental, synced: all })));
  expect(createdBy(report)).toEqual([0, 0, 0]);
}

test('gives every synced table a pending record in all three tiers, and tells the coverage as the plan counts it', async () => {
  const older = await readOlderTracking(pipeline);
  const report = await run();
  expect(report.tables).toEqual({ synced: SYNCED, withIncrementalColumns: INCREMENTAL });
  expect(createdBy(report)).toEqual([SYNCED - 1, SYNCED - 1, SYNCED]);
  expect(report.tiers.map(({ before }) => before.incremental)).toEqual([
    { recorded: 1, of: INCREMENTAL, percent: 0 },
    { recorded: 1, of: INCREMENTAL, percent: 0 },
    { recorded: 0, of: INCREMENTAL, percent: 0 },
  ]);
  expect(report.tiers.map(({ after }) => after.incremental.percent)).toEqual([100, 100, 100]);
  expect(report.tiers.map(({ after }) => after.synced.percent)).toEqual([100, 100, 100]);
  expect(report.skipped.filter(({ reason }) => reason === 'not in the source')).toHaveLength(ABSENT);
  expect(report.skipped).toHaveLength(ABSENT + PASSING);
  expect(await readOlderTracking(pipeline)).toEqual(older);
  const seeded = { last: '2024-01-01 00:00:00.000000', rows: '0', status: 'pending' };
  expect(
    await pipeline.replica.query(
      `SELECT CAST(last_copied AS CHAR) AS last, CAST(rows_copied AS CHAR) AS \`rows\`, copy_status AS status
         FROM etl_copy_status WHERE table_name <> 'securitylog' GROUP BY 1, 2, 3`,
    ),
  ).toEqual([seeded]);
  for (const [table, last, rows, status] of [
    ['etl_load_status', 'last_loaded', 'rows_loaded', 'load_status'],
    ['etl_transform_status', 'last_transformed', 'rows_transformed', 'transformation_status'],
  ]) {
    expect(
      await pipeline.warehouse.query(
        `SELECT to_char(${last}, 'YYYY-MM-DD HH24:MI:SS.US') AS last, ${rows}::text AS rows, ${status} AS status
           FROM raw.${table} WHERE table_name LIKE 'table%' GROUP BY 1, 2, 3`,
      ),
    ).toEqual([seeded]);
  }
  await expectComplete();
});

test('understands the records of the older pipeline, in its own names and words, and keeps them', async () => {
  const [copy, load, transform] = (await run('--dry-run')).tiers;
  expect(copy).toMatchObject({
    older: [
      { table: 'securitylog', state: 'success', lastSucceededAt: '2025-06-06T21:14:03.000000Z', rows: 3_696_895 },
    ],
    strangers: [],
  });
  expect(load).toMatchObject({
    older: [
      { table: 'formerly_loaded', state: 'running', lastSucceededAt: '2025-06-06T21:20:00.000000Z', rows: 12 },
      { table: 'securitylog', state: 'success', lastSucceededAt: '2025-06-06T21:20:00.000000Z', rows: 3_696_895 },
    ],
    strangers: ['formerly_loaded'],
  });
  expect(transform?.older).toMatchObject([{ table: 'dbt_transformation_run', state: 'success' }]);
  const end = await backfill.run([]);
  expect(end.stdout).toContain('securitylog: success, 2025-06-06 21:14:03 UTC, 3,696,895 rows');
  // The older pipeline kept the key of a row in its records.
  expect(end.stdout + end.stderr).not.toContain('3696927');
});

test('with --dry-run says what would be written, and writes nothing', async () => {
  const before = await readTracking(pipeline);
  expect(createdBy(await run('--dry-run'))).toEqual([SYNCED - 1, SYNCED - 1, SYNCED]);
  const words = await backfill.run(['--dry-run']);
  expect(words).toMatchObject({ code: 0, stderr: '' });
  expect(words.stdout).toContain('to create (copy, load, transform): table_1, table_10,');
  expect(words.stdout).toContain('to create (transform): securitylog');
  expect(words.stdout).toMatch(/nothing was written\n$/);
  expect(await readTracking(pipeline)).toEqual(before);
});

test('changes nothing when it is run again, nor what Tidemark wrote meanwhile', async () => {
  await run();
  await pipeline.loadTracking.recordTransforms('0198c0de-0000-7000-8000-000000000001', [
    {
      model: 'stg_opendental__table_1',
      status: 'success',
      error: null,
      rows: 5,
      startedAt: '2026-03-01T21:04:00Z',
      finishedAt: '2026-03-01T21:04:07Z',
    },
  ]);
  const before = await readTracking(pipeline);
  const report = await run();
  expect(createdBy(report)).toEqual([0, 0, 0]);
  expect(await readTracking(pipeline)).toEqual(before);
});

test('counts a model of dbt as the record of its table', async () => {
  await pipeline.warehouse.exec(`INSERT INTO raw.etl_transform_status (table_name) VALUES ('stg_opendental__table_1')`);
  const [, , transform] = (await run()).tiers;
  expect(transform?.before.synced).toMatchObject({ recorded: 1 });
  expect(transform?.created).not.toContain('table_1');
});

test('two at once create each record once, and each tells what it created', async () => {
  const [one, other] = await Promise.all([run(), run()]);
  const sums = createdBy(one).map((count, tier) => count + (createdBy(other)[tier] ?? 0));
  expect(sums).toEqual([SYNCED - 1, SYNCED - 1, SYNCED]);
  await expectComplete();
});

test.each([
  ['before the first record', 'seed.before-insert', 'etl_copy_status'],
  ['between two tiers', 'seed.inserted', 'etl_copy_status'],
  ['before the last tier', 'seed.before-insert', TRANSFORM_TABLE],
])('killed %s, the next one completes it', async (_, point, table) => {
  const killed = await backfill.run([], armPoint({ point, table, action: 'kill' }));
  expect(killed.signal).toBe('SIGKILL');
  await run();
  await expectComplete();
});

test('waits for another one instead of telling of records that are not there', async () => {
  const mark = join(backfill.folder, 'reached');
  const release = join(backfill.folder, 'release');
  const point = { point: 'seed.before-insert', table: TRANSFORM_TABLE, action: 'pause', mark, release } as const;
  const first = backfill.start(['--json'], armPoint(point));
  await untilReached(first, mark);
  const second = backfill.start(['--json', '--quiet']);
  await backfill.run(['--dry-run']);
  expect(second.process.exitCode).toBeNull();
  writeFileSync(release, '');
  expect(createdBy(reportOf(await first.ended))).toEqual([SYNCED - 1, SYNCED - 1, SYNCED]);
  expect(createdBy(reportOf(await second.ended))[2]).toBe(0);
});

test('needs the same few statements for 446 tables as for one', async () => {
  await using replica = await tapStatements(pipeline.replica.endpoint, 'mysql');
  await using warehouse = await tapStatements(pipeline.warehouse.endpoint, 'postgres');
  const tapped = {
    MYSQL_REPLICATION_HOST: '127.0.0.1',
    MYSQL_REPLICATION_PORT: String(replica.port),
    MYSQL_REPLICATION_SSL_MODE: 'disable',
    POSTGRES_ANALYTICS_HOST: '127.0.0.1',
    POSTGRES_ANALYTICS_PORT: String(warehouse.port),
    POSTGRES_ANALYTICS_SSL_MODE: 'disable',
  };
  using one = openCommand(pipeline, 'tables: {table_400: {incremental_columns: [id]}}', 'backfill');
  expect(createdBy(reportOf(await one.run(['--json', '--quiet'], tapped)))).toEqual([1, 1, 1]);
  const forOne = [replica.taken(), warehouse.taken()];
  const began = performance.now();
  expect(createdBy(reportOf(await backfill.run(['--json', '--quiet'], tapped)))).toEqual([
    SYNCED - 2,
    SYNCED - 2,
    SYNCED - 1,
  ]);
  expect(performance.now() - began).toBeLessThan(10_000);
  expect([replica.taken(), warehouse.taken()]).toEqual(forOne);
  expect(forOne.every((statements) => statements > 0 && statements < 70)).toBe(true);
});

test('refuses a source that has none of the tables', async () => {
  using wrong = openCommand(pipeline, 'tables: {elsewhere: {}, nowhere: {}}', 'backfill');
  const end = await wrong.run([]);
  expect(end).toMatchObject({ code: 2, stdout: '' });
  expect(end.stderr).toContain('no table is synced: none of 2 tables of tables.yml is in the source');
  expect(end.stderr).toContain('OPENDENTAL_SOURCE_DB');
});

test('refuses tracking tables that are not migrated, and says what to do', async () => {
  await createOlderTracking(pipeline);
  const end = await backfill.run(['--dry-run']);
  expect(end).toMatchObject({ code: 2, stdout: '' });
  expect(end.stderr).toContain('TRACKING_NOT_MIGRATED');
  expect(end.stderr).toContain('tidemark migrate');
});
