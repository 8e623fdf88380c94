import { once } from 'node:events';

import { createPostgresDatabase, testServers } from '@tidemark/testkit';
import { describe, expect, it } from 'vitest';

import { costContract } from './testing/cost-contract.ts';
import { clientOf, loadScene, unmigratedWarehouse } from './testing/load-scene.ts';
import { migrationContract } from './testing/migration-contract.ts';
import { errorOf, failure, runStart, success, TABLE } from './testing/scene.ts';
import { pruningContract } from './testing/pruning-contract.ts';
import { seedContract } from './testing/seed-contract.ts';
import { sessionContract } from './testing/session-contract.ts';
import { warehouseTakeover } from './testing/warehouse-takeover.ts';
import { openLoadTracking } from './load-tracking.ts';
import { LOAD_MIGRATIONS } from './migrations/postgres/index.ts';
import { warehouseSocket } from './warehouse-connections.ts';

sessionContract({ hop: 'load', create: () => loadScene(testServers().warehouse) });
pruningContract({ hop: 'load', create: () => loadScene(testServers().warehouse) });
seedContract(() => loadScene(testServers().warehouse));
costContract({ hop: 'load', create: () => loadScene(testServers().warehouse) });

describe('migrations', () => {
  migrationContract(() => unmigratedWarehouse(testServers().warehouse));
  warehouseTakeover(() => unmigratedWarehouse(testServers().warehouse));

  it('uses the schema of the settings, quoted', async () => {
    await using database = await createPostgresDatabase(testServers().warehouse);
    const tracking = await openLoadTracking(database.endpoint, { schema: 'Raw Data' });
    await tracking.migrate();
    await tracking.requireCurrent();
    await tracking.seedPending(['patient']);
    expect(await database.query('SELECT table_name FROM "Raw Data".etl_load_status')).toEqual([
      { table_name: 'patient' },
    ]);
    await tracking.close();
  });

  it('needs no right to create schemas where the schema exists', async () => {
    await using database = await createPostgresDatabase(testServers().warehouse);
    const user = `${database.endpoint.database}_loader`;
    await database.exec(`CREATE ROLE "${user}" LOGIN PASSWORD 'loader'; CREATE SCHEMA raw AUTHORIZATION "${user}"`);
    const tracking = await openLoadTracking({ ...database.endpoint, user, password: 'loader' });
    expect((await tracking.migrate()).applied).toHaveLength(LOAD_MIGRATIONS.length);
    await tracking.close();
    await database.exec(`DROP OWNED BY "${user}"; DROP ROLE "${user}"`);
  });
});

describe('a user without rights to the tracking tables', () => {
  it.each([
    ['no right to the schema', ''],
    ['the right to create', 'GRANT USAGE, CREATE ON SCHEMA raw TO "USER"'],
    [
      'rights to some of them',
      'GRANT USAGE ON SCHEMA raw TO "USER"; GRANT SELECT ON raw.tidemark_migrations TO "USER"',
    ],
  ])('with %s is told so, and not that they are missing', async (_, grants) => {
    await using scene = await loadScene(testServers().warehouse);
    const user = `${scene.database.endpoint.database}_stranger`;
    await scene.database.exec(`CREATE ROLE "${user}" LOGIN PASSWORD 'p'; ${grants.replaceAll('USER', user)}`);
    const tracking = await openLoadTracking({ ...scene.database.endpoint, user, password: 'p' });
    await using _dropped = {
      [Symbol.asyncDispose]: async () => {
        await tracking.close();
        await scene.database.exec(`DROP OWNED BY "${user}"; DROP ROLE "${user}"`);
      },
    };
    const refusal = { code: 'RIGHT_MISSING', exitCode: 2, message: expect.stringContaining(user) };
    expect(await errorOf(tracking.requireCurrent())).toMatchObject(refusal);
  });

  it('is told so by a migration, which would make them again', async () => {
    await using scene = await loadScene(testServers().warehouse);
    const user = `${scene.database.endpoint.database}_migrator`;
    await scene.database.exec(
      `CREATE ROLE "${user}" LOGIN PASSWORD 'p'; GRANT USAGE, CREATE ON SCHEMA raw TO "${user}"`,
    );
    const tracking = await openLoadTracking({ ...scene.database.endpoint, user, password: 'p' });
    expect(await errorOf(tracking.migrate())).toMatchObject({ code: 'RIGHT_MISSING', exitCode: 2 });
    await tracking.close();
    await scene.database.exec(`DROP OWNED BY "${user}"; DROP ROLE "${user}"`);
  });
});

describe('the client of the rows', () => {
  it('is in UTC and gives big numbers and times as text', async () => {
    await using scene = await loadScene(testServers().warehouse);
    const session = await scene.tracking.openSession();
    const { rows } = await clientOf(session).query(
      `SELECT current_setting('TimeZone') AS zone, current_setting('application_name') AS application,
         9223372036854775807::bigint AS big, '0001-01-01 00:00:00.000001'::timestamp AS early,
         '2026-01-01 00:00:00+05:30'::timestamptz AS instant, '{"a": 1}'::jsonb AS document`,
    );
    expect(rows[0]).toEqual({
      zone: 'UTC',
      application: 'tidemark',
      big: '9223372036854775807',
      early: '0001-01-01 00:00:00.000001',
      instant: '2025-12-31 18:30:00+00',
      document: '{"a": 1}',
    });
    await session.release();
  });

  it('records a failure though the pool had no connection but the broken one', async () => {
    await using scene = await loadScene(testServers().warehouse);
    const narrow = await openLoadTracking(scene.database.endpoint, { poolSize: 1 });
    const session = await narrow.openSession();
    const start = runStart();
    await session.lock(TABLE);
    await session.recordStart(start);
    await scene.kill(session);
    await session.recordFailure(TABLE, start.runId, failure('CONNECTION_LOST'));
    await session.release();
    expect(await narrow.state(TABLE)).toMatchObject({ status: 'failed', lastError: 'CONNECTION_LOST' });
    await narrow.close();
  });

  it('that broke without a word to the server does not keep the table from the next session', async () => {
    await using scene = await loadScene(testServers().warehouse);
    const session = await scene.tracking.openSession();
    await session.lock(TABLE);
    const client = clientOf(session);
    // A server that does not look whether its client is there still is as deaf as one behind a dead network.
    await client.query('SET client_connection_check_interval = 0');
    const asleep = client.query('SELECT pg_sleep(60)').catch(() => null);
    const broken = once(client, 'error').catch((error: unknown) => error);
    warehouseSocket(client).destroy(Object.assign(new Error('no byte'), { code: 'ETIMEDOUT', syscall: 'read' }));
    await Promise.all([asleep, broken]);
    await session.release();
    const next = await scene.tracking.openSession();
    await expect(next.lock(TABLE)).resolves.toBeUndefined();
    await next.release();
  });

  it('does not take an error that the work swallowed for a success', async () => {
    await using scene = await loadScene(testServers().warehouse);
    const session = await scene.tracking.openSession();
    const start = runStart();
    await session.lock(TABLE);
    await session.recordStart(start);
    const run = session.commit(TABLE, start.runId, async () => {
      await scene.insert(session, 1);
      await scene.insert(session, 1).catch(() => undefined);
      return success();
    });
    await errorOf(run);
    expect(await scene.tracking.state(TABLE)).toBeNull();
    expect(await scene.rows()).toEqual([]);
    await session.release();
  });
});

describe('transforms', () => {
  const result = {
    model: 'stg_patient',
    status: 'success',
    error: null,
    rows: 12,
    startedAt: '2026-03-01T10:00:00.000000Z',
    finishedAt: '2026-03-01T10:00:05.250000Z',
  } as const;

  it('keeps what dbt did last, and a failure moves no time', async () => {
    await using scene = await loadScene(testServers().warehouse);
    const { tracking } = scene;
    if (!('recordTransforms' in tracking)) throw new Error('this is the load hop');
    const first = await tracking.recordTransforms('dbt-1', [
      result,
      { ...result, model: 'mart', status: 'failed', error: 'skipped' },
    ]);
    expect(first).toEqual(['mart', 'stg_patient']);
    const good = {
      model: 'stg_patient',
      status: 'success',
      lastSucceededAt: '2026-03-01T10:00:05.250000Z',
      rows: 12,
      lastError: null,
      consecutiveFailures: 0,
    };
    const bad = {
      model: 'mart',
      status: 'failed',
      lastSucceededAt: null,
      rows: 0,
      lastError: 'skipped',
      consecutiveFailures: 1,
    };
    expect(await tracking.transformStates()).toEqual([bad, good]);
    // The same artifact again, and one that is older.
    const again = await tracking.recordTransforms('dbt-1', [
      result,
      { ...result, model: 'mart', status: 'failed', error: 'skipped' },
    ]);
    expect(again).toEqual([]);
    const older = { ...result, rows: 1, finishedAt: '2026-02-01T10:00:00+05:30' };
    await tracking.recordTransforms('dbt-0', [older]);
    expect(await tracking.transformStates()).toEqual([bad, good]);
    const later = {
      ...result,
      status: 'failed',
      error: 'error',
      rows: null,
      finishedAt: '2026-03-02T00:00:00Z',
    } as const;
    await tracking.recordTransforms('dbt-2', [later]);
    expect((await tracking.transformStates())[1]).toEqual({
      ...good,
      status: 'failed',
      lastError: 'error',
      consecutiveFailures: 1,
    });
    expect((await tracking.history({ table: 'stg_patient' })).map((entry) => [entry.runId, entry.hop])).toEqual([
      ['dbt-2', 'transform'],
      ['dbt-0', 'transform'],
      ['dbt-1', 'transform'],
    ]);
  });

  it('counts a result once that two write at the same time', async () => {
    await using scene = await loadScene(testServers().warehouse);
    const { tracking } = scene;
    if (!('recordTransforms' in tracking)) throw new Error('this is the load hop');
    const failed = (model: string) => ({ ...result, model, status: 'failed', error: 'error' }) as const;
    const results = [failed('b'), failed('a'), failed('c')];
    const both = await Promise.all([
      tracking.recordTransforms('dbt-1', results),
      tracking.recordTransforms('dbt-1', results.toReversed()),
    ]);
    expect(both.flat().toSorted()).toEqual(['a', 'b', 'c']);
    expect((await tracking.transformStates()).map((state) => state.consecutiveFailures)).toEqual([1, 1, 1]);
  });

  it("writes and tells no message of dbt's, which quotes rows", async () => {
    await using scene = await loadScene(testServers().warehouse);
    const { tracking } = scene;
    if (!('recordTransforms' in tracking)) throw new Error('this is the load hop');
    const message = 'Database Error: Key (LName)=(Smith) is duplicated';
    await tracking.recordTransforms('dbt-1', [{ ...result, status: 'failed', error: message }]);
    const stored = `SELECT last_error, (SELECT reason FROM raw.etl_run_history) FROM raw.etl_transform_status`;
    expect(await scene.database.query(stored)).toEqual([{ last_error: 'error', reason: 'dbt says error' }]);
    // Other programs may write to the table.
    await scene.database.query(`UPDATE raw.etl_transform_status SET last_error = $1`, [message]);
    expect((await tracking.transformStates())[0]?.lastError).toBe('error');
  });
});

it('says what is wrong with a connection, and no password', async () => {
  await using database = await createPostgresDatabase(testServers().warehouse);
  const { endpoint } = database;
  const missing = await errorOf(openLoadTracking({ ...endpoint, database: `${endpoint.database}_x` }));
  expect(missing.code).toBe('DATABASE_MISSING');
  const denied = await errorOf(openLoadTracking({ ...endpoint, user: 'nobody_here', password: 'S3cret-wrong' }));
  expect(['ACCESS_DENIED', 'SERVER_UNREACHABLE']).toContain(denied.code);
  const silent = await errorOf(openLoadTracking({ ...endpoint, port: 1 }));
  expect(silent.code).toBe('SERVER_UNREACHABLE');
  const preferred = await openLoadTracking({ ...endpoint, ssl: { mode: 'preferred' } });
  await preferred.close();
  for (const error of [missing, denied, silent]) {
    expect(`${error.message} ${error.hint} ${error.stack}`).not.toMatch(/S3cret|postgres(ql)?:\/\//);
  }
});
