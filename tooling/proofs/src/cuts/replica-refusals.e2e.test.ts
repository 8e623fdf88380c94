import { setTimeout as sleep } from 'node:timers/promises';

import { numbers, startMysql, startMysqlIfAny, tcpProxy, type RunningMysqlServer } from '@tidemark/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { openCommand } from '../command.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import { expectRefused } from './expect-refused.ts';
import { openHops } from './hops.ts';
import { mysqlUser } from './limited-users.ts';
import { mysqlSession } from './other-session.ts';
import { addVisits, changeVisits, createVisits } from './visits.ts';

/** Megabytes that the temporary tables of all sessions may take together. */
const TEMPORARY_SPACE = 24;

let server: RunningMysqlServer;
let pipeline: Pipeline;

beforeAll(async () => {
  server = await startMysql({
    name: 'replica with limits',
    flavor: 'mariadb',
    image: 'mariadb:11.8',
    settings: {
      'innodb-temp-data-file-path': `ibtmp1:12M:autoextend:max:${TEMPORARY_SPACE}M`,
      'innodb-lock-wait-timeout': 1,
    },
  });
  pipeline = await openPipeline({ replica: server });
  await createVisits(pipeline.source, 300);
  await pipeline.run('visit');
});

afterAll(async () => {
  await pipeline[Symbol.asyncDispose]();
  await server.stop();
});

beforeEach(() => changeVisits(pipeline.source));

async function endsEqual(): Promise<void> {
  await pipeline.run('visit');
  await pipeline.expectEqual('visit');
}

test('read-only: SERVER_READ_ONLY, and the command says so and ends with 1', async () => {
  const { database } = pipeline.replica.endpoint;
  await using user = await mysqlUser(pipeline.replica, [`ALL ON \`${database}\`.*`]);
  await using hops = await openHops(pipeline, { replica: { user: user.user, password: user.password } });
  await pipeline.replica.exec('SET GLOBAL read_only = 1');
  try {
    const refusal = { code: 'SERVER_READ_ONLY', side: 'replica', hint: /read_only off/, transient: false } as const;
    await expectRefused(pipeline, () => hops.copy('visit'), refusal);
    using command = openCommand(hops, 'tables: {visit: {}}');
    const { code, stdout, stderr } = await command.run(['run', '--json', '--log-format', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, tables: [{ error: { code: 'SERVER_READ_ONLY' } }, {}] });
    expect(stderr).not.toContain('retry');
  } finally {
    await pipeline.replica.exec('SET GLOBAL read_only = 0');
  }
  await endsEqual();
});

test('temporary space full: STORAGE_FULL, not tried again', async () => {
  const refusal = { code: 'STORAGE_FULL', side: 'replica', hint: /disk space/, transient: false } as const;
  await addVisits(pipeline.source, 6000);
  {
    await using other = await mysqlSession(pipeline.replica.endpoint);
    await other.query('CREATE TEMPORARY TABLE ballast (text varchar(1000) CHARACTER SET latin1) ENGINE=InnoDB');
    const fill = (): Promise<unknown> =>
      other.query(`INSERT INTO ballast SELECT REPEAT('b', 1000) FROM ${numbers(1, 1_000)}`);
    for (let times = 0; times < TEMPORARY_SPACE - 14; times += 1) await fill();
    await expectRefused(pipeline, () => pipeline.copy('visit'), refusal);
  }
  await endsEqual();
});

test('a row locked by another for longer than innodb_lock_wait_timeout: TRANSACTION_CONFLICT', async () => {
  const refusal = {
    code: 'TRANSACTION_CONFLICT',
    side: 'replica',
    hint: /long transactions/,
    transient: true,
  } as const;
  {
    await using other = await mysqlSession(pipeline.replica.endpoint);
    await other.query('BEGIN; SELECT 1 FROM visit WHERE VisitNum = 3 FOR UPDATE');
    await expectRefused(pipeline, () => pipeline.copy('visit'), refusal);
  }
  await endsEqual();
});

// Guarded by retry-transient.ts in the command: without it the run ends with 1.
test('the command tries again until the row is free, says so, and leaves an entry for each attempt', async () => {
  using command = openCommand(pipeline, 'tables: {visit: {}}');
  const other = await mysqlSession(pipeline.replica.endpoint);
  await other.query('BEGIN; SELECT 1 FROM visit WHERE VisitNum = 3 FOR UPDATE');
  const running = command.start(['run', '--json', '--log-format', 'json']);
  try {
    await expect.poll(() => running.said(), { timeout: 60_000 }).toContain('"retry":1');
  } finally {
    await other[Symbol.asyncDispose]();
  }
  const { code, stdout } = await running.ended;
  expect(code).toBe(0);
  const { runId }: { runId: string } = JSON.parse(stdout);
  const attempts = await pipeline.copyTracking.history({ runId });
  expect(attempts.at(0)).toMatchObject({ status: 'success', attempt: attempts.length });
  expect(attempts.at(-1)).toMatchObject({ status: 'failed', errorCode: 'TRANSACTION_CONFLICT', attempt: 1 });
  expect((await pipeline.states('visit')).copy).toMatchObject({ status: 'success', consecutiveFailures: 0 });
  await pipeline.expectEqual('visit');
});

test('a deadlock: TRANSACTION_CONFLICT, to be tried again', async () => {
  const refusal = {
    code: 'TRANSACTION_CONFLICT',
    side: 'replica',
    hint: /long transactions/,
    transient: true,
  } as const;
  await pipeline.replica.exec('SET GLOBAL innodb_lock_wait_timeout = 50');
  {
    await using other = await mysqlSession(pipeline.replica.endpoint);
    // InnoDB undoes the transaction that has changed less: this one has changed more.
    await other.query(`CREATE TABLE heavy (text varchar(10)); BEGIN; INSERT INTO heavy SELECT 'x' FROM ${numbers(1, 20_000)};
      SELECT 1 FROM visit WHERE VisitNum = 9 FOR UPDATE`);
    // On connections of its own: those of the pipeline still wait for as long as the server said when they were opened.
    await using hops = await openHops(pipeline);
    const copy = expectRefused(pipeline, () => hops.copy('visit'), refusal);
    await expect.poll(waitsForLock, POLLED).toBe(true);
    // The copy has changed visit 3 and waits for visit 9.
    await Promise.all([copy, other.query('SELECT 1 FROM visit WHERE VisitNum = 3 FOR UPDATE')]);
    await other.query('ROLLBACK; DROP TABLE heavy');
  }
  await pipeline.replica.exec('SET GLOBAL innodb_lock_wait_timeout = 1');
  await endsEqual();
});

// Guarded by `net_read_timeout` of replica-dialect.ts.
test('a source that is silent for longer than the replica would wait for its client does not end the run', async () => {
  await using proxy = await tcpProxy(pipeline.source.endpoint);
  const { host, port } = proxy;
  await pipeline.replica.exec('SET GLOBAL net_read_timeout = 1');
  await using hops = await openHops(pipeline, { source: { host, port } });
  await addVisits(pipeline.source, 1000);
  const stalled = new Promise<void>((resolve) => {
    proxy.after('server', 500_000, () => {
      proxy.stall();
      resolve();
    });
  });
  const copy = hops.copy('visit');
  await stalled;
  await sleep(1700);
  await proxy.resume();
  await copy;
  await pipeline.replica.exec('SET GLOBAL net_read_timeout = 30');
  await endsEqual();
});

/** InnoDB shows the same picture again to whoever looks more often than every 100 ms. */
const POLLED = { timeout: 30_000, interval: 250 };

async function waitsForLock(): Promise<boolean> {
  const waiting = await pipeline.replica.query(
    "SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
  );
  return waiting.length > 0;
}

describe('rows larger than max_allowed_packet of the replica', () => {
  /** For connections that are opened from now on. */
  const limitPackets = (bytes: number): Promise<void> =>
    pipeline.replica.exec(`SET GLOBAL max_allowed_packet = ${bytes}`);
  beforeEach(() => limitPackets(1_048_576));
  afterEach(() => limitPackets(16_777_216));

  // Guarded by `sameValue` of apply-stage.ts: MariaDB casts both sides to NULL, and NULL is NULL; and by the encoder's
  // pieces, which no stream may join.
  test('arrive in pieces, and a change of them is seen', async () => {
    await using hops = await openHops(pipeline);
    await pipeline.source.exec('ALTER TABLE visit ADD COLUMN Scan longblob');
    for (const letters of ['long', 'gnol']) {
      const long = `REPEAT('${letters}', 512 * 1024)`;
      await pipeline.source.exec(`UPDATE visit SET Note = ${long}, Scan = ${long} WHERE VisitNum = 5`);
      await hops.run('visit');
      // The comparison reads bytes as hexadecimal, and by a function.
      await limitPackets(16_777_216);
      await pipeline.expectEqual('visit');
      await limitPackets(1_048_576);
    }
  });

  test('cannot be sent as statements, where LOAD DATA is off: PACKET_TOO_LARGE, not tried again', async () => {
    const refusal = { code: 'PACKET_TOO_LARGE', side: 'replica', hint: /Raise max_/, transient: false } as const;
    await pipeline.source.exec(`UPDATE visit SET Note = REPEAT('more', 512 * 1024) WHERE VisitNum = 5`);
    await pipeline.replica.exec('SET GLOBAL local_infile = 0');
    {
      await using hops = await openHops(pipeline);
      await expectRefused(pipeline, () => hops.copy('visit'), refusal);
    }
    await limitPackets(16_777_216);
    await using hops = await openHops(pipeline);
    await hops.run('visit');
    await pipeline.expectEqual('visit');
    await pipeline.replica.exec('SET GLOBAL local_infile = 1');
  });
});

// Stricter than read_only: it holds for administrators too.
test('a MySQL replica with super_read_only: SERVER_READ_ONLY, not tried again', async ({ skip }) => {
  await using mysql = await startMysqlIfAny({ name: 'MySQL replica', flavor: 'mysql' });
  skip(mysql === null, 'there is no MySQL here');
  await using own = await openPipeline(mysql === null ? {} : { replica: mysql });
  await createVisits(own.source, 50);
  await own.run('visit');
  await changeVisits(own.source);
  await own.replica.exec('SET GLOBAL super_read_only = 1');
  const refusal = { code: 'SERVER_READ_ONLY', side: 'replica', hint: /read_only off/, transient: false } as const;
  await expectRefused(own, () => own.copy('visit'), refusal);
  await own.replica.exec('SET GLOBAL super_read_only = 0, GLOBAL read_only = 0');
  await own.run('visit');
  await own.expectEqual('visit');
});
