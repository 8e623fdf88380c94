import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { armPoint, type TestDatabase } from '@tidemark/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { untilReached } from '../command.ts';
import { markedTable } from './marked-table.ts';
import { openRoom, type Room } from './room.ts';

const TABLES = ['crashed', 'cut_copy', 'cut_load'];

let room: Room;

beforeAll(async () => {
  room = await openRoom(
    `tables:\n${TABLES.map((name) => `  ${name}: {incremental_columns: [DateTStamp]}\n`).join('')}`,
  );
  await room.pipeline.source.exec(TABLES.map(markedTable).join('\n'));
});

afterAll(async () => {
  await room[Symbol.asyncDispose]();
});

/** The environment in which an error that quotes a row comes up at a point, see `betray.ts`. */
function betrayed(point: string, how: string): Record<string, string> {
  const preload = new URL('betray.ts', import.meta.url).href;
  return { NODE_OPTIONS: `--import=${preload}`, TIDEMARK_TEST_BETRAYAL: `${point} crashed ${how}` };
}

const EVERYTHING = ['--log-level', 'trace'];

describe('an unexpected error that quotes a row', () => {
  // failure.ts: neither message nor properties of an error that is not ours; copy-table.ts, load-table.ts: classified
  test.each([
    ['copy.chunk-staged', 'thrown', [...EVERYTHING, '--log-format', 'json']],
    ['load.raw-table-ready', 'thrown', [...EVERYTHING, '--json']],
    ['copy.staged', 'thrown', [...EVERYTHING]],
    ['copy.locked', 'thrown-text', ['--json']],
  ])('in a hop, at %s, %s: fails the table', async (point, how, args) => {
    const { code, stdout, stderr } = await room.run(['run', 'crashed', ...args], betrayed(point, how));
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(/unexpected (?:Error|string)/);
  });

  // listen-for-crash.ts
  test.each([
    ['copy.locked', 'uncaught'],
    ['copy.run-recorded', 'rejection'],
    ['load.run-recorded', 'event'],
  ])('that nobody catches, at %s, %s: ends the process, and the place in the code is told', async (point, how) => {
    const { code, stderr } = await room.run(['run', 'crashed', ...EVERYTHING], betrayed(point, how));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: unexpected Error \(INTERNAL\)$/m);
    expect(stderr).toMatch(/^ {4}at .*\.ts:\d+:\d+\)?$/m);
  });

  test('that nobody catches ends the process with a report, where one was asked for', async () => {
    const { code, stdout } = await room.run(['run', 'crashed', '--json'], betrayed('copy.locked', 'uncaught-text'));
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'INTERNAL', message: 'unexpected string' } });
  });

  test('leaves a table that the next run brings to its end', async () => {
    expect(await room.run(['run', 'crashed'])).toMatchObject({ code: 0 });
    await room.pipeline.expectEqual('crashed');
  });
});

describe('a connection that is killed while rows are under way', () => {
  test.each([
    ['cut_copy', 'copy.chunk-staged', endOnReplica],
    ['cut_load', 'load.created', endOnWarehouse],
  ] as const)('%s', async (table, point, end) => {
    const mark = join(room.folder, `${table}.reached`);
    const release = join(room.folder, `${table}.released`);
    const armed = armPoint({ point, table, action: 'pause', mark, release });
    const running = room.start(['run', table, ...EVERYTHING], armed);
    await untilReached(running, mark);
    await end(room.pipeline[table === 'cut_copy' ? 'replica' : 'warehouse']);
    writeFileSync(release, '');
    const { stdout, stderr } = await running.ended;
    expect(stdout + stderr).toContain('CONNECTION_LOST');
    expect(room.leaksIn(stdout + stderr)).toEqual([]);
  });
});

/** Every connection to the database but our own. */
async function endOnReplica(replica: TestDatabase): Promise<void> {
  const others = await replica.query<{ id: string }>(
    `SELECT id AS id FROM information_schema.processlist WHERE db = DATABASE() AND user LIKE 'hush%'`,
  );
  expect(others).not.toEqual([]);
  for (const { id } of others) await replica.exec(`KILL ${id}`);
}

async function endOnWarehouse(warehouse: TestDatabase): Promise<void> {
  const ended = await warehouse.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND usename LIKE 'hush%'`,
  );
  expect(ended).not.toEqual([]);
}

test('neither history nor status nor a file holds anything', async () => {
  expect(await room.leaksInRecords()).toEqual([]);
  expect(room.leaksInFiles()).toEqual([]);
});
