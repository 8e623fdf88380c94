import { onPoint, pauseAt, startPostgres } from '@tidemark/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { openPipeline, type Pipeline } from '../pipeline.ts';
import { expectRefused } from './expect-refused.ts';
import { openHops, type Hops } from './hops.ts';
import { warehouseUser, type LimitedUser } from './limited-users.ts';
import { postgresSession } from './other-session.ts';
import { changeVisits, createVisits } from './visits.ts';

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await openPipeline();
  await createVisits(pipeline.source, 300);
  await pipeline.run('visit');
});

afterAll(() => pipeline[Symbol.asyncDispose]());

/** Each test has something to load, and the one before it left nothing behind. */
beforeEach(async () => {
  await changeVisits(pipeline.source);
  await pipeline.copy('visit');
});

async function hopsAs(user: LimitedUser): Promise<Hops> {
  const { host, port } = pipeline.warehouse.endpoint;
  return openHops(pipeline, { warehouse: { host, port, user: user.user, password: user.password } });
}

async function endsEqual(hops: Pick<Hops, 'load'> = pipeline): Promise<void> {
  await hops.load('visit');
  await pipeline.expectEqual('visit');
}

test('read-only: SERVER_READ_ONLY', async () => {
  await using user = await warehouseUser(pipeline.warehouse);
  await using hops = await hopsAs(user);
  await pipeline.warehouse.exec(`ALTER ROLE ${user.user} SET default_transaction_read_only = on`);
  await using readOnly = await hopsAs(user);
  const refusal = { code: 'SERVER_READ_ONLY', side: 'warehouse', hint: /primary/, transient: false } as const;
  await expectRefused(pipeline, () => readOnly.load('visit'), refusal);
  await endsEqual(hops);
});

test('a row locked by another for longer than lock_timeout: TRANSACTION_CONFLICT, to be tried again', async () => {
  await using user = await warehouseUser(pipeline.warehouse, [`SET lock_timeout = '300ms'`]);
  await using hops = await hopsAs(user);
  const refusal = {
    code: 'TRANSACTION_CONFLICT',
    side: 'warehouse',
    hint: /long transactions/,
    transient: true,
  } as const;
  {
    await using other = await postgresSession(pipeline.warehouse.endpoint);
    await other.query(`BEGIN; SELECT 1 FROM raw.visit WHERE "VisitNum" = 3 FOR UPDATE`);
    await expectRefused(pipeline, () => hops.load('visit'), refusal);
  }
  await endsEqual(hops);
});

test('a deadlock: TRANSACTION_CONFLICT, to be tried again', async () => {
  await pipeline.source.exec('DELETE FROM visit WHERE VisitNum = 1');
  await pipeline.copy('visit', { plan: { strategy: 'full_table' } });
  await using other = await postgresSession(pipeline.warehouse.endpoint);
  const refusal = {
    code: 'TRANSACTION_CONFLICT',
    side: 'warehouse',
    hint: /long transactions/,
    transient: true,
  } as const;
  {
    using pause = pauseAt('load.deleted', 'visit');
    const load = expectRefused(pipeline, () => pipeline.load('visit'), refusal);
    await pause.reached;
    // The load holds the row that it has deleted; this one holds a row that the load is going to update.
    await other.query(`SET deadlock_timeout = '1h'; BEGIN; SELECT 1 FROM raw.visit WHERE "VisitNum" = 6 FOR UPDATE`);
    pause.release();
    const crossing = other.query(`SELECT 1 FROM raw.visit WHERE "VisitNum" = 1 FOR UPDATE`);
    await load;
    await crossing;
    await other.query('ROLLBACK');
  }
  await endsEqual();
});

test('a statement that the server ends after statement_timeout: STATEMENT_TIMEOUT, not tried again', async () => {
  await using user = await warehouseUser(pipeline.warehouse, [`SET statement_timeout = '1s'`]);
  await using hops = await hopsAs(user);
  const refusal = {
    code: 'STATEMENT_TIMEOUT',
    side: 'warehouse',
    hint: /time-out of this user/,
    transient: false,
  } as const;
  {
    await using other = await postgresSession(pipeline.warehouse.endpoint);
    await other.query(`BEGIN; SELECT 1 FROM raw.visit WHERE "VisitNum" = 3 FOR UPDATE`);
    await expectRefused(pipeline, () => hops.load('visit'), refusal);
  }
  await endsEqual(hops);
});

test('no connection free: TOO_MANY_CONNECTIONS, to be tried again', async () => {
  await using user = await warehouseUser(pipeline.warehouse);
  await using hops = await hopsAs(user);
  await pipeline.warehouse.exec(`ALTER ROLE ${user.user} CONNECTION LIMIT 0`);
  await pipeline.warehouse.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '${user.user}'`,
  );
  await expect(hops.load('visit')).rejects.toMatchObject({
    code: expect.stringMatching(/^(TOO_MANY_CONNECTIONS|CONNECTION_LOST)$/),
  });
  await expect(hops.load('visit')).rejects.toMatchObject({ code: 'TOO_MANY_CONNECTIONS', isTransient: true });
  await pipeline.warehouse.exec(`ALTER ROLE ${user.user} CONNECTION LIMIT -1`);
  await endsEqual(hops);
});

test('rights revoked during the run: RIGHT_MISSING, not tried again', async () => {
  await using user = await warehouseUser(pipeline.warehouse);
  await using hops = await hopsAs(user);
  const refusal = { code: 'RIGHT_MISSING', side: 'warehouse', hint: /tidemark doctor/, transient: false } as const;
  {
    using _ = onPoint('load.staged', 'visit', () =>
      pipeline.warehouse.exec(`REVOKE INSERT ON raw.visit FROM ${user.user}`),
    );
    await expectRefused(pipeline, () => hops.load('visit'), refusal);
  }
  await pipeline.warehouse.exec(`GRANT INSERT ON raw.visit TO ${user.user}`);
  await endsEqual(hops);
});

test('more temporary space than temp_file_limit allows: STORAGE_FULL, not tried again', async () => {
  await using user = await warehouseUser(pipeline.warehouse, [
    `SET temp_file_limit = '300kB'`,
    `SET work_mem = '64kB'`,
    `SET enable_nestloop = off`,
    `SET enable_mergejoin = off`,
  ]);
  await using hops = await hopsAs(user);
  const refusal = { code: 'STORAGE_FULL', side: 'warehouse', hint: /disk space/, transient: false } as const;
  await expectRefused(pipeline, () => hops.load('visit', { fullRefresh: true }), refusal);
  await endsEqual();
});

test('a full disk: STORAGE_FULL, not tried again', async ({ skip }) => {
  const smallDisk = { path: '/small', megabytes: 8 };
  await using warehouse = await startPostgres({ name: 'warehouse with a small disk', smallDisk });
  skip(warehouse.rung !== 'container', 'a small disk needs a container');
  await using small = await openPipeline({ warehouse });
  const { database } = small.warehouse.endpoint;
  await small.warehouse.exec(`CREATE TABLESPACE small LOCATION '${smallDisk.path}'`);
  await small.warehouse.exec(`ALTER DATABASE "${database}" SET default_tablespace = 'small'`);
  await using hops = await openHops(small);
  await createVisits(small.source, 3000);
  await hops.copy('visit');
  await small.warehouse.exec(`CREATE TABLE ballast TABLESPACE small AS
    SELECT repeat(md5(i::text), 30) AS text FROM generate_series(1, 6000) AS i`);
  const refusal = { code: 'STORAGE_FULL', side: 'warehouse', hint: /disk space/, transient: false } as const;
  await expectRefused(small, () => hops.load('visit'), refusal);
  await small.warehouse.exec('DROP TABLE ballast; CHECKPOINT');
  await hops.load('visit');
  await small.expectEqual('visit');
});
