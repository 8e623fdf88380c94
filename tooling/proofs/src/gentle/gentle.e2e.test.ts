import { setTimeout as sleep } from 'node:timers/promises';

import { createSourceThrottle } from '@tidemark/mysql';
import { copyTable } from '@tidemark/replicator';
import { numbers, onPoint, startMysql, type RunningMysqlServer } from '@tidemark/testkit';
import type { ProgressEvent } from '@tidemark/tracking';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { openCommand } from '../command.ts';
import { mysqlUser, type LimitedUser } from '../cuts/limited-users.ts';
import { copyInput, openPipeline, type Asked, type Pipeline } from '../pipeline.ts';
import { forget, seenConnections, seenStatements, writeDown, type SeenStatement } from './seen-statements.ts';
import { writeBeside, type Latency } from './writer.ts';

// P9, by what the source's own server has seen: it writes down each statement with the rows that it looked at.

let server: RunningMysqlServer;
let pipeline: Pipeline;
let guest: LimitedUser;

const JOBS = 2;
const ROWS = 30_000;

beforeAll(async () => {
  server = await startMysql({ name: 'source of a busy practice' });
  pipeline = await openPipeline({ source: server });
  guest = await mysqlUser(
    pipeline.source,
    [`SELECT ON \`${pipeline.source.endpoint.database}\`.*`],
    `WITH MAX_USER_CONNECTIONS ${JOBS}`,
  );
  await createVisits('visit', ROWS);
  await createVisits('visit_of_others', 12_000);
  await writeDown(pipeline.source);
});

afterAll(async () => {
  await pipeline[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await forget(pipeline.source);
});

/** MyISAM, as OpenDental's tables are: a reader of a whole table holds up every writer of it. */
async function createVisits(table: string, rows: number): Promise<void> {
  await pipeline.source.exec(
    `CREATE TABLE ${table} (VisitNum bigint NOT NULL PRIMARY KEY, Note varchar(80),
       DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp) ENGINE=MyISAM;
     INSERT INTO ${table} SELECT seq, REPEAT('note ', 12), '2024-05-01 12:00:00' FROM ${numbers(1, rows)} ORDER BY seq`,
  );
}

const asGuest = (): Pipeline['source']['endpoint'] => ({
  ...pipeline.source.endpoint,
  user: guest.user,
  password: guest.password,
});

const seen = (): Promise<SeenStatement[]> => seenStatements(pipeline.source, guest.user);

/** Statements on the rows of a table, not on descriptions. */
const onRows = (statements: readonly SeenStatement[]): SeenStatement[] =>
  statements.filter(({ sql }) => /FROM `visit/.test(sql));

test('the whole command asks SELECT, SET and SHOW only, of bounded rows, over as many connections as jobs', async () => {
  const most = 4_000;
  const tables = ['visit', 'visit_of_others'].map((name) => `  ${name}: { batch_size: ${most}, digest_every: 0 }`);
  const yml = ['source: { max_rows_per_second: 1000000 }', 'tables:', ...tables].join('\n');
  const environment = {
    ...pipeline.environment,
    OPENDENTAL_SOURCE_USER: guest.user,
    OPENDENTAL_SOURCE_PASSWORD: guest.password,
  };
  using command = openCommand({ environment }, yml);
  const first = await command.run(['run', '--jobs', String(JOBS), '--json']);
  expect(first.stderr).not.toContain('TOO_MANY_CONNECTIONS');
  expect(first.code).toBe(0);
  const firstCopy = onRows(await seen());
  await pipeline.source.exec(`UPDATE visit SET Note = 'silent', DateTStamp = DateTStamp WHERE VisitNum % 1000 = 0;
    DELETE FROM visit WHERE VisitNum = 77`);
  const second = await command.run(['run', '--jobs', String(JOBS)]);
  expect(second.code).toBe(0);
  expect((await command.run(['doctor'])).stdout).not.toContain('TOO_MANY_CONNECTIONS');
  expect((await command.run(['plan'])).code).toBe(0);

  const all = await seen();
  expect(all.length).toBeGreaterThan(40);
  expect(all.filter(({ sql }) => !/^(SELECT|SET|SHOW|#|Quit|administrator command)/i.test(sql))).toEqual([]);
  expect(Math.max(...firstCopy.map(({ rowsSent }) => rowsSent))).toBeLessThanOrEqual(most);
  expect(firstCopy.filter(({ rowsSent }) => rowsSent > 1).length).toBeGreaterThanOrEqual(ROWS / most);
  // A boundary looks at as many entries as the range is to have; a digest at no more than 200,000.
  expect(Math.max(...firstCopy.map(({ rowsExamined }) => rowsExamined))).toBeLessThanOrEqual(most + 1);
  expect(Math.max(...onRows(all).map(({ rowsExamined }) => rowsExamined))).toBeLessThanOrEqual(200_000);
  await pipeline.expectEqual('visit', 'visit_of_others');
  // One to list the tables, and one for each table, in each of the two runs; the others are of doctor and plan.
  expect(await seenConnections(pipeline.source, guest.user)).toBeLessThanOrEqual(2 * (1 + 2) + 6);
});

test('verify and its repair come over as many connections as jobs', async () => {
  const environment = {
    ...pipeline.environment,
    OPENDENTAL_SOURCE_USER: guest.user,
    OPENDENTAL_SOURCE_PASSWORD: guest.password,
  };
  using command = openCommand({ environment }, 'tables: { visit: {}, visit_of_others: {} }');
  for (const table of ['visit', 'visit_of_others'])
    await pipeline.replica.exec(`DELETE FROM ${table} WHERE VisitNum = 9`);
  const { code, stdout, stderr } = await command.run(['verify', '--repair', '--jobs', String(JOBS), '--json']);
  expect(stderr).not.toContain('TOO_MANY_CONNECTIONS');
  expect(JSON.parse(stdout).tables).toMatchObject([{ repaired: 1 }, { repaired: 1 }]);
  expect(code).toBe(0);
});

test('a refused value is looked into over the one connection that there is', async () => {
  await createVisits('visit_altered', 20);
  const asked = { plan: { strategy: 'full_table' } } as const;
  await pipeline.copy('visit_altered', asked);
  await using single = await mysqlUser(
    pipeline.source,
    [`SELECT ON \`${pipeline.source.endpoint.database}\`.*`],
    'WITH MAX_USER_CONNECTIONS 1',
  );
  const source = { ...pipeline.source.endpoint, user: single.user, password: single.password };
  using _altered = onPoint('copy.run-recorded', 'visit_altered', () =>
    pipeline.source.exec(
      `ALTER TABLE visit_altered MODIFY Note varchar(200); UPDATE visit_altered SET Note = REPEAT('x', 150)`,
    ),
  );
  await expect(pipeline.copy('visit_altered', { ...asked, source })).rejects.toMatchObject({
    code: 'TABLE_CHANGED_DURING_RUN',
  });
});

/** Both tables through the copy hop at the same time, under one throttle. */
async function copyBoth(rowsPerSecond: number, asked: Asked): Promise<void> {
  const throttle = createSourceThrottle({ rowsPerSecond, threadsRunning: null });
  const deps = {
    source: asGuest(),
    replica: pipeline.replica.endpoint,
    tracking: pipeline.copyTracking,
    throttle,
  };
  await Promise.all(['visit', 'visit_of_others'].map((table) => copyTable(deps, copyInput(table, asked))));
}

test.each([
  ['whole tables', { plan: { strategy: 'full_table' }, fullRefresh: true }],
  ['digests', { plan: { strategy: 'digest' } }],
] as const)('source.max_rows_per_second holds for all jobs together, and evenly: %s', async (_what, asked) => {
  await copyBoth(1_000_000, asked);
  await forget(pipeline.source);
  const rate = 14_000;
  const began = performance.now();
  await copyBoth(rate, asked);
  const seconds = (performance.now() - began) / 1000;
  const rows = ROWS - 1 + 12_000;
  // The last read of each job is not paid any more.
  expect(seconds).toBeGreaterThan((rows - (JOBS * rate) / 2) / rate);
  const reads = onRows(await seen()).filter(({ sql }) => !sql.includes('OFFSET'));
  expect(Math.max(...reads.map(({ rowsExamined }) => rowsExamined))).toBeLessThanOrEqual(rate / 2);
  // No second has more than its share and one read of each job before and after.
  for (const { at } of reads) {
    const within = reads.filter((other) => other.at >= at && other.at < at + 1);
    const examined = within.reduce((sum, { rowsExamined }) => sum + rowsExamined, 0);
    expect(examined).toBeLessThanOrEqual(rate + (2 * JOBS * rate) / 2);
  }
});

test('source.max_rows_per_second holds for the rows of ranges that differ too', async () => {
  const digest = { plan: { strategy: 'digest' } } as const;
  await copyBoth(1_000_000, digest);
  await pipeline.source.exec(`UPDATE visit SET Note = CONCAT('all ', VisitNum), DateTStamp = DateTStamp`);
  await forget(pipeline.source);
  const rate = 20_000;
  const began = performance.now();
  await copyBoth(rate, digest);
  const seconds = (performance.now() - began) / 1000;
  const reads = onRows(await seen()).filter(({ sql }) => !sql.includes('OFFSET'));
  const examined = reads.reduce((sum, { rowsExamined }) => sum + rowsExamined, 0);
  expect(examined).toBeGreaterThan(2 * ROWS);
  // The last read of each job is not paid any more.
  expect(seconds).toBeGreaterThan((examined - (JOBS * rate) / 2) / rate);
});

test('reading pauses while the source is busy, and says so', async () => {
  const events: ProgressEvent['type'][] = [];
  let pausedFor = 0;
  const busy = await Promise.all(Array.from({ length: 8 }, () => createConnection({ ...pipeline.source.endpoint })));
  const over = Promise.allSettled(busy.map((each) => each.query('DO SLEEP(3)')));
  await sleep(200);
  await copyTable(
    {
      source: asGuest(),
      replica: pipeline.replica.endpoint,
      tracking: pipeline.copyTracking,
      throttle: createSourceThrottle({ rowsPerSecond: null, threadsRunning: 6 }),
      onProgress: (event) => {
        if (event.type === 'resumed') pausedFor = event.waitedMs;
        if (events.at(-1) !== event.type) events.push(event.type);
      },
    },
    copyInput('visit', { plan: { strategy: 'full_table' }, fullRefresh: true }),
  );
  await over;
  for (const each of busy) each.destroy();
  expect(events).toEqual(['started', 'paused', 'resumed', 'progress']);
  expect(pausedFor).toBeGreaterThan(1_500);
});

test('the command says when a pause begins and ends', async () => {
  const busy = await Promise.all(Array.from({ length: 8 }, () => createConnection({ ...pipeline.source.endpoint })));
  using command = openCommand(pipeline, 'source: { pause_above_threads_running: 6 }\ntables: { visit_of_others: {} }');
  const over = Promise.allSettled(busy.map((each) => each.query('DO SLEEP(5)')));
  const { stderr } = await command.run(['copy', '--log-format', 'json']);
  await over;
  for (const each of busy) each.destroy();
  expect(stderr).toMatch(
    /copy pauses: the source runs \d+ threads, more than the 6 of source\.pause_above_threads_running/,
  );
  expect(stderr).toMatch(/copy goes on after a pause of \d/);
});

test('a run that is asked to stop stops while it pauses', async () => {
  const stop = new AbortController();
  const running = copyTable(
    {
      source: asGuest(),
      replica: pipeline.replica.endpoint,
      tracking: pipeline.copyTracking,
      throttle: createSourceThrottle({ rowsPerSecond: null, threadsRunning: 0 }),
      signal: stop.signal,
      onProgress: ({ type }) => {
        if (type === 'paused') stop.abort();
      },
    },
    copyInput('visit', { plan: { strategy: 'full_table' }, fullRefresh: true }),
  );
  await expect(running).rejects.toMatchObject({ code: 'STOPPED' });
});

test.each([
  ['a boundary and a read', { plan: { strategy: 'full_table' }, fullRefresh: true }],
  ['a digest', { plan: { strategy: 'digest' } }],
] as const)('the source ends a statement that takes too long: %s', async (_what, asked) => {
  const holder = await createConnection({ ...pipeline.source.endpoint });
  const deps = {
    source: asGuest(),
    replica: pipeline.replica.endpoint,
    tracking: pipeline.copyTracking,
    statementTimeoutSeconds: 1,
    onProgress: () => {},
  };
  await holder.query('LOCK TABLES visit WRITE');
  try {
    await expect(copyTable(deps, copyInput('visit', asked))).rejects.toMatchObject({ code: 'STATEMENT_TIMEOUT' });
  } finally {
    holder.destroy();
  }
});

test('a writer at the practice, alone and beside a copy and a digest', async () => {
  const alone = await writeBeside(pipeline.source, 'visit', () => sleep(1_000));
  const beside = await writeBeside(pipeline.source, 'visit', async () => {
    for (let round = 0; round < 3; round += 1) {
      await copyBoth(1_000_000, { plan: { strategy: 'full_table' }, fullRefresh: true });
      await copyBoth(1_000_000, { plan: { strategy: 'digest' } });
    }
  });
  // Figures for people; what is asserted of them is only that nobody stood still.
  process.stderr.write(`writer alone: ${inWords(alone)}\nwriter beside a copy and a digest: ${inWords(beside)}\n`);
  expect(beside.writes).toBeGreaterThan(50);
  expect(beside.longest).toBeLessThan(10_000);
});

function inWords({ writes, median, p95, longest }: Latency): string {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  return `${writes} writes, median ${ms(median)}, 95 % within ${ms(p95)}, longest ${ms(longest)}`;
}
