import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { armPoint } from '@tidemark/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { openCommand, untilReached, type Command } from '../command.ts';
import { secondSession, untilState } from '../losses/second-session.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';

/** How long the lock of a killed process may be waited for. The server needs a moment to see that a socket is closed. */
const AT_ONCE_SECONDS = 1;

let pipeline: Pipeline;
let command: Command;

beforeEach(async () => {
  pipeline = await openPipeline();
  command = openCommand(pipeline, 'tables: {visit: {incremental_columns: [DateTStamp]}}');
  await pipeline.source.exec(
    `CREATE TABLE visit (VisitNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note text,
       DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp) ENGINE=MyISAM;
     INSERT INTO visit (Note) VALUES ('first'), ('second')`,
  );
});

afterEach(async () => {
  command[Symbol.dispose]();
  await pipeline[Symbol.asyncDispose]();
});

async function expectFree(hop: 'copy' | 'load', seconds = AT_ONCE_SECONDS): Promise<void> {
  const tracking = hop === 'copy' ? pipeline.copyTracking : pipeline.loadTracking;
  const session = await tracking.openSession();
  try {
    await session.lock('visit', seconds);
  } finally {
    await session.release();
  }
}

async function runsOn(): Promise<void> {
  const { code, stdout, stderr } = await command.run(['run', '--json']);
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  await pipeline.expectEqual('visit');
}

// Promise P7: the lock belongs to the connection (tracking/src/locks), so the server frees it with the process.
test.each([
  ['copy', 'copy.locked'],
  ['copy', 'copy.before-commit'],
  ['load', 'load.locked'],
  ['load', 'load.before-commit'],
] as const)(
  'a process that is killed while it holds the %s of a table, at %s, leaves it free at once',
  async (hop, point) => {
    const { signal } = await command.run(['run'], armPoint({ point, table: 'visit', action: 'kill' }));
    expect(signal).toBe('SIGKILL');
    await expectFree(hop);
    await runsOn();
  },
);

test('a process that is killed in the middle of LOAD DATA leaves the table free at once', async () => {
  await runsOn();
  await pipeline.source.exec(`UPDATE visit SET Note = 'new' WHERE VisitNum = 1`);
  const [mark, release] = [join(command.folder, 'reached'), join(command.folder, 'go-on')];
  const armed = armPoint({ point: 'copy.run-recorded', table: 'visit', action: 'pause', mark, release });
  const running = command.start(['run'], armed);
  await untilReached(running, mark);
  await using other = await secondSession(pipeline.source);
  await other.query('LOCK TABLES visit WRITE');
  writeFileSync(release, '');
  // LOAD DATA has begun, and waits for rows that the source does not give.
  await untilLoading();
  await untilState(pipeline.source, 'Waiting for table%');
  running.process.kill('SIGKILL');
  await running.ended;
  await expectFree('copy');
  await other.query('UNLOCK TABLES');
  await runsOn();
});

// Guards client_connection_check_interval in tracking/src/warehouse-dialect.ts: the server looks every two seconds.
test('a process that is killed while PostgreSQL makes it wait leaves the table free within seconds', async () => {
  await runsOn();
  await pipeline.source.exec(`UPDATE visit SET Note = 'new' WHERE VisitNum = 1`);
  await pipeline.warehouse.exec('BEGIN; LOCK TABLE raw.visit IN SHARE MODE');
  const running = command.start(['run']);
  const isWaiting = async (): Promise<boolean> =>
    (await pipeline.warehouse.query(`SELECT FROM pg_locks WHERE NOT granted AND relation = 'raw.visit'::regclass`))
      .length > 0;
  await vi.waitUntil(isWaiting, { timeout: 20_000, interval: 50 });
  running.process.kill('SIGKILL');
  await running.ended;
  await expectFree('load', 4);
  await pipeline.warehouse.exec('COMMIT');
  await runsOn();
});

async function untilLoading(): Promise<void> {
  const statement = `SELECT 1 FROM information_schema.processlist
    WHERE db = DATABASE() AND info LIKE 'LOAD DATA%' AND id <> CONNECTION_ID()`;
  await vi.waitUntil(async () => (await pipeline.replica.query(statement)).length > 0, {
    timeout: 10_000,
    interval: 20,
  });
}
