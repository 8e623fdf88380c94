import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Setup } from '@tidemark/command-line';
import { copySettings, runHops, watchSourceWindow } from '@tidemark/command-line/run';
import type { TimeWindow } from '@tidemark/config';
import { followClock, UNTHROTTLED } from '@tidemark/mysql';
import { copyTable } from '@tidemark/replicator';
import {
  createMysqlDatabase,
  createPostgresDatabase,
  numbers,
  onPoint,
  startMysql,
  testServers,
  type RunningMysqlServer,
  type TestDatabase,
} from '@tidemark/testkit';
import { openCopyTracking, openLoadTracking } from '@tidemark/tracking';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { verifyTables } from '../src/verify/verify-tables.ts';
import { openSetup } from './testing/open-setup.ts';

// A window that closes in the middle of a table. The source is a server of its own: its clock is put forward.

let server: RunningMysqlServer;
let source: TestDatabase;
let replica: TestDatabase;
let warehouse: TestDatabase;
let folder: string;
let setup: Setup;

const TERMS = { select: [], exclude: [] };

beforeAll(async () => {
  server = await startMysql({ name: 'source with a window' });
  source = await createMysqlDatabase(server);
  replica = await createMysqlDatabase(testServers().replica);
  warehouse = await createPostgresDatabase(testServers().warehouse);
  folder = mkdtempSync(join(tmpdir(), 'tidemark-window-'));
  await source.exec(
    `CREATE TABLE patient (PatNum bigint NOT NULL PRIMARY KEY, LName varchar(20)) ENGINE=MyISAM;
     INSERT INTO patient SELECT seq, 'name' FROM ${numbers(1, 1_000)}`,
  );
  const copyTracking = await openCopyTracking(replica.endpoint);
  const loadTracking = await openLoadTracking(warehouse.endpoint);
  await copyTracking.migrate();
  await loadTracking.migrate();
  await copyTracking.close();
  await loadTracking.close();
  // At 100 rows a second the table takes ten seconds.
  const yml = 'source: { max_rows_per_second: 100 }\ntables: { patient: { digest_every: 0 } }\n';
  setup = await openSetup({ source, replica, warehouse, folder }, yml);
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await Promise.all([source, replica, warehouse].map((database) => database[Symbol.asyncDispose]()));
  await server[Symbol.asyncDispose]();
});

async function minutesNow(): Promise<number> {
  const [row] = await source.query<{ seconds: string }>('SELECT TIME_TO_SEC(CURTIME(3)) AS seconds');
  return Number(row?.seconds) / 60;
}

/** The settings with a window that has been open for ten minutes and closes in so many seconds. */
async function closingIn(seconds: number): Promise<{ setup: Setup; window: TimeWindow }> {
  const now = await minutesNow();
  const window = { from: (now + 1430) % 1440, until: (now + seconds / 60) % 1440 };
  if (!setup.file) throw new Error('The settings have a tables.yml.');
  return { window, setup: { ...setup, file: { ...setup.file, source: { ...setup.file.source, window } } } };
}

const run = (given: Setup, fullRefresh = false) =>
  runHops(given, { hops: ['copy', 'load'], terms: TERMS, fullRefresh, allowDeletes: false, ignoreWindow: false });
const verify = (given: Setup) =>
  verifyTables(given, { terms: TERMS, scope: { kind: 'full' }, repair: null, ignoreWindow: false });

it('ends a run in the middle of a table, and that has not failed', async () => {
  const { report, exitCode } = await run((await closingIn(3)).setup);
  expect(exitCode).toBe(0);
  expect(report.tables[0]).toMatchObject({
    hop: 'copy',
    status: 'skipped',
    reason: expect.stringMatching(/may be read from/),
  });
  expect(report.tables[0]?.durationMs).toBeGreaterThan(0);
  expect(await replica.query('SELECT 1 FROM patient LIMIT 1')).toHaveLength(1);
  expect((await run(setup)).exitCode).toBe(0);
});

it('ends a comparison in the middle of a table, which proves nothing and is no failure of the table', async () => {
  const { report, exitCode } = await verify((await closingIn(3)).setup);
  const error = { code: 'STOPPED', message: expect.stringMatching(/may be read from/) };
  expect(report.tables).toMatchObject([{ verdict: 'skipped', error }]);
  expect(report.tables[0]?.durationMs).toBeGreaterThan(0);
  expect(exitCode).toBe(1);
  expect(await warehouse.query('SELECT verdict FROM raw.etl_verification')).toEqual([{ verdict: 'skipped' }]);
});

it('goes by the clock of the source, which is put forward while a table is read', async () => {
  const { window: span } = await closingIn(90 * 60);
  const [row] = await source.query<{ now: string }>('SELECT CAST(NOW() AS CHAR) AS now');
  using window = watchSourceWindow(span, row?.now ?? '');
  const tracking = await openCopyTracking(replica.endpoint);
  using _forward = onPoint('copy.run-recorded', 'patient', () => source.exec(`SET GLOBAL time_zone = '+02:00'`));
  const deps = {
    source: source.endpoint,
    replica: replica.endpoint,
    tracking,
    signal: window.signal,
    throttle: followClock(UNTHROTTLED, (wall) => window.follow(wall), 0),
  };
  const settings = copySettings(setup.file, 'patient');
  const input = { table: 'patient', runId: crypto.randomUUID(), settings, fullRefresh: true, allowDeletes: false };
  await expect(copyTable(deps, input)).rejects.toMatchObject({ code: 'STOPPED' });
  await tracking.close();
});
