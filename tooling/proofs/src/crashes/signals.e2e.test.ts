import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { armPoint, tcpProxy } from '@tidemark/testkit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { openCommand, untilReached, type Command, type CommandEnd, type RunningCommand } from '../command.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import { secondSession, untilState } from '../losses/second-session.ts';

const ROWS = 200;
const CHUNK = 20;
/** "Within seconds": the longest wait is six, for what is written to; the rest is for slow machines. */
const SECONDS = 10_000;
/** "At once". */
const AT_ONCE = 2_000;
/** Two signals within half a second count as one. */
const APART_MS = 600;
/** How a server says that a statement waits for LOCK TABLES of somebody else. */
const LOCKED = 'Waiting for table%';

let pipeline: Pipeline;
let command: Command;
let mark: string;
let release: string;

beforeEach(async () => {
  pipeline = await openPipeline();
  command = openCommand(pipeline, `tables: {visit: {incremental_columns: [DateTStamp], batch_size: ${CHUNK}}}`);
  mark = join(command.folder, 'reached');
  release = join(command.folder, 'go-on');
  await pipeline.source.exec(
    `CREATE TABLE visit (VisitNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note text,
       DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp) ENGINE=MyISAM;
     INSERT INTO visit (Note, DateTStamp) VALUES ${Array.from({ length: ROWS }, (_, n) => `('visit ${n}', '2026-03-01 08:00:00')`).join(', ')}`,
  );
});

afterEach(async () => {
  command[Symbol.dispose]();
  await pipeline[Symbol.asyncDispose]();
});

/** Starts the command and waits until it stands at a point. */
async function startedTo(point: string, nth = 1, environment: Readonly<Record<string, string>> = {}) {
  for (const file of [mark, release]) rmSync(file, { force: true });
  const armed = armPoint({ point, table: 'visit', action: 'pause', nth, mark, release });
  const running = command.start(['run', '--json'], { ...armed, ...environment });
  await untilReached(running, mark);
  return running;
}

function goOn(): void {
  writeFileSync(release, '');
}

/** Sends a signal and gives how the process ended, and after how many milliseconds. */
async function signalled(running: RunningCommand, signal: NodeJS.Signals): Promise<CommandEnd & { ms: number }> {
  const began = performance.now();
  running.process.kill(signal);
  return { ...(await running.ended), ms: performance.now() - began };
}

async function runsOn(): Promise<number> {
  const { code, stdout, stderr } = await command.run(['run', '--json']);
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  await pipeline.expectEqual('visit');
  const { copy } = await pipeline.states('visit');
  expect(copy).toMatchObject({ status: 'success', consecutiveFailures: 0, resume: null });
  const report: { tables: { hop: string; rowsRead: number }[] } = JSON.parse(stdout);
  return report.tables.find(({ hop }) => hop === 'copy')?.rowsRead ?? 0;
}

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s', (signal, code) => {
  test('in the middle of a first copy keeps the chunks that are done', async () => {
    const running = await startedTo('copy.before-chunk-commit', 3);
    running.process.kill(signal);
    await vi.waitUntil(() => isHeard(running), 5_000);
    goOn();
    const end = await running.ended;
    expect(end.code).toBe(code);
    const { copy, load } = await pipeline.states('visit');
    expect(copy).toMatchObject({ status: 'pending', succeeded: false, watermarks: {} });
    expect(await lastEntry('copy')).toEqual(['failed', 'STOPPED']);
    expect(JSON.parse(copy?.resume ?? '{}')).toMatchObject({ rows: 3 * CHUNK });
    expect(load).toBeNull();
    expect(await runsOn()).toBe(ROWS - 3 * CHUNK);
  });

  test('in the middle of a load leaves raw as it was', async () => {
    const running = await startedTo('load.created');
    running.process.kill(signal);
    await vi.waitUntil(() => isHeard(running), 5_000);
    goOn();
    const end = await running.ended;
    expect(end.code).toBe(code);
    expect(await pipeline.warehouse.query(`SELECT FROM pg_tables WHERE tablename = 'visit'`)).toEqual([]);
    const { copy, load } = await pipeline.states('visit');
    expect({ copy: copy?.status, load }).toEqual({ copy: 'success', load: null });
    expect(await lastEntry('load')).toEqual(['failed', 'STOPPED']);
    await runsOn();
  });
});

test('a signal while it waits for the source ends the statement there and stops the run', async () => {
  await using other = await secondSession(pipeline.source);
  await other.query('LOCK TABLES visit WRITE');
  const running = command.start(['run', '--json']);
  await untilState(pipeline.source, LOCKED);
  const end = await signalled(running, 'SIGTERM');
  expect(end.code, end.stderr).toBe(143);
  expect(end.ms).toBeLessThan(SECONDS);
  expect(JSON.parse(end.stdout)).toMatchObject({ ok: false, tables: [{ error: { code: 'STOPPED' } }, {}] });
  expect(await busyWith(pipeline.source, '%FROM `visit`%')).toBe(false);
  await other.query('UNLOCK TABLES');
  expect(await runsOn()).toBe(ROWS);
});

test('a signal while the network to the source is silent stops the run', async () => {
  const { host, port } = pipeline.source.endpoint;
  await using proxy = await tcpProxy({ host, port });
  const running = await startedTo('copy.after-chunk-commit', 2, {
    OPENDENTAL_SOURCE_HOST: proxy.host,
    OPENDENTAL_SOURCE_PORT: String(proxy.port),
  });
  proxy.stall();
  goOn();
  const end = await signalled(running, 'SIGTERM');
  expect(end.code, end.stderr).toBe(143);
  expect(end.ms).toBeLessThan(SECONDS);
  expect(await runsOn()).toBe(ROWS - 2 * CHUNK);
});

test('a signal while it waits for a lock in the replica stops the run, and frees the table at once', async () => {
  await runsOn();
  await pipeline.source.exec(`UPDATE visit SET Note = 'new', DateTStamp = '2026-03-02 08:00:00' WHERE VisitNum < 10`);
  const { copy: before } = await pipeline.states('visit');
  await using other = await secondSession(pipeline.replica);
  await other.query('BEGIN');
  await other.query('SELECT * FROM visit FOR UPDATE');
  const running = command.start(['run', '--json']);
  await vi.waitUntil(() => busyWith(pipeline.replica, 'UPDATE `visit`%'), { timeout: 20_000, interval: 50 });
  const end = await signalled(running, 'SIGTERM');
  expect(end.code, end.stderr).toBe(143);
  expect(end.ms).toBeLessThan(SECONDS);
  expect(await busyWith(pipeline.replica, 'UPDATE `visit`%')).toBe(false);
  expect((await pipeline.states('visit')).copy).toEqual(before);
  expect(await lastEntry('copy')).toEqual(['failed', 'STOPPED']);
  await other.query('ROLLBACK');
  await runsOn();
});

test('a signal while it waits for a lock in the warehouse stops the run, and frees the table at once', async () => {
  await runsOn();
  await pipeline.source.exec(`UPDATE visit SET Note = 'new', DateTStamp = '2026-03-02 08:00:00' WHERE VisitNum < 10`);
  const { load: before } = await pipeline.states('visit');
  await pipeline.warehouse.exec('BEGIN; LOCK TABLE raw.visit IN SHARE MODE');
  const running = command.start(['run', '--json']);
  await vi.waitUntil(() => waitingInWarehouse(), { timeout: 20_000, interval: 50 });
  const end = await signalled(running, 'SIGTERM');
  expect(end.code, end.stderr).toBe(143);
  expect(end.ms).toBeLessThan(SECONDS);
  expect((await pipeline.states('visit')).load).toEqual(before);
  expect(await lastEntry('load')).toEqual(['failed', 'STOPPED']);
  // The server looks after its clients every two seconds.
  await vi.waitUntil(async () => !(await waitingInWarehouse()), { timeout: 5_000, interval: 50 });
  await pipeline.warehouse.exec('COMMIT');
  await runsOn();
});

test('a second signal ends the process at once, and the next run tells of it', async () => {
  const running = await startedTo('copy.run-recorded');
  await using other = await secondSession(pipeline.source);
  await other.query('LOCK TABLES visit WRITE');
  goOn();
  await untilState(pipeline.source, LOCKED);
  running.process.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, APART_MS));
  const end = await signalled(running, 'SIGTERM');
  expect(end).toMatchObject({ code: 143, signal: null, stdout: '' });
  expect(end.ms).toBeLessThan(AT_ONCE);
  await other.query('UNLOCK TABLES');
  await runsOn();
  const history = await pipeline.copyTracking.history({ table: 'visit' });
  expect(history.map(({ status, errorCode }) => [status, errorCode])).toEqual([
    ['success', null],
    ['failed', 'INTERRUPTED'],
  ]);
});

/** How the history says that the last run of a hop ended. */
async function lastEntry(hop: 'copy' | 'load'): Promise<readonly [string | null, string | null]> {
  const tracking = hop === 'copy' ? pipeline.copyTracking : pipeline.loadTracking;
  const [entry] = await tracking.history({ table: 'visit', limit: 1 });
  return [entry?.status ?? null, entry?.errorCode ?? null];
}

/** Whether the command has said that it heard the signal. */
function isHeard(running: RunningCommand): boolean {
  return running.said().includes('stopping at the next safe point');
}

/** Whether the server lists such a statement; its own is another. */
async function busyWith(database: Pipeline['replica'], statement: string): Promise<boolean> {
  const rows = await database.query(
    `SELECT 1 FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE ? AND id <> CONNECTION_ID()`,
    [statement],
  );
  return rows.length > 0;
}

async function waitingInWarehouse(): Promise<boolean> {
  const rows = await pipeline.warehouse.query(
    `SELECT FROM pg_locks WHERE NOT granted AND relation = 'raw.visit'::regclass`,
  );
  return rows.length > 0;
}
