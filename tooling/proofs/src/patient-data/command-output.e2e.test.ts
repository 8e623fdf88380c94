import { buildClinic, CANARY, tablesYml } from '@tidemark/sample-clinic';
import type { LoadSession } from '@tidemark/tracking';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { BREAKAGES } from './breakages.ts';
import { everythingIn } from './everything-in.ts';
import { changedRows, keylessTable, markedTable, textKeyTable } from './marked-table.ts';
import { openRoom, type Room } from './room.ts';

const PATIENTS = 15;

const MARKED_TABLES = [...BREAKAGES.map(({ table }) => table), 'locked_copy', 'locked_load'];

/** More rows than may go without being asked. */
const MANY = 1_100;

/** Has Node and the libraries say what they say only when asked. */
const CHATTY = { DEBUG: '*', NODE_DEBUG: 'net,tls,stream,fs,timer' };

let room: Room;

beforeAll(async () => {
  room = await openRoom(`${tablesYml({ patients: PATIENTS })}${describedByHand()}`);
  await fillSource();
});

afterAll(async () => {
  await room[Symbol.asyncDispose]();
});

/** A number is one of the incremental columns: its watermark is a value of a row. */
function describedByHand(): string {
  const marked = MARKED_TABLES.map(
    (name) => `  ${name}: {incremental_columns: [Account, DateTStamp], tags: [broken]}\n`,
  );
  const digested = ['many', 'by_text'].map((name) => `  ${name}: {extraction_strategy: digest, tags: [broken]}\n`);
  return [...marked, ...digested, '  keyless: {tags: [broken]}\n'].join('');
}

async function fillSource(): Promise<void> {
  const { source } = room.pipeline;
  const connection = await createConnection(source.endpoint);
  try {
    await buildClinic(connection, { seed: 1, patients: PATIENTS, canary: true });
  } finally {
    await connection.end();
  }
  const tables = [textKeyTable('many', MANY), textKeyTable('by_text', 50), keylessTable('keyless')];
  await source.exec([...MARKED_TABLES.map(markedTable), ...tables].join('\n'));
}

/** Copied and loaded before; now broken in every way, and changed, so that both hops have something to write. */
async function breakAll(): Promise<void> {
  const { source, replica, warehouse } = room.pipeline;
  for (const { hop, sql } of BREAKAGES) await (hop === 'copy' ? replica : warehouse).exec(sql);
  await source.exec([...MARKED_TABLES.map(changedRows), 'DELETE FROM many'].join('\n'));
}

const EXPECTED = {
  ...Object.fromEntries(BREAKAGES.map(({ table, code }) => [table, code])),
  keyless: 'TABLE_WITHOUT_KEY',
  many: 'DELETE_CAP',
  locked_copy: 'TABLE_LOCKED',
  locked_load: 'TABLE_LOCKED',
};

interface ReportedTable {
  readonly table: string;
  readonly error?: { readonly code: string };
}

function codesOf(report: string): Record<string, string> {
  const { tables }: { tables: ReportedTable[] } = JSON.parse(report);
  return Object.fromEntries(tables.flatMap(({ table, error }) => (error ? [[table, error.code]] : [])));
}

test('a run in which all goes well tells nothing', async () => {
  await room.run(['migrate', '--log-level', 'trace'], CHATTY);
  const { stdout } = await room.run(['run', '--json', '--log-level', 'trace', '--log-format', 'json'], CHATTY);
  expect(codesOf(stdout)).toEqual({ keyless: 'TABLE_WITHOUT_KEY' });
});

describe('where servers refuse rows and say which', () => {
  let sessions: Pick<LoadSession, 'release'>[] = [];

  beforeAll(async () => {
    await breakAll();
    const copy = await room.pipeline.copyTracking.openSession();
    await copy.lock('locked_copy');
    const load = await room.pipeline.loadTracking.openSession();
    await load.lock('locked_load');
    sessions = [copy, load];
  });

  afterAll(async () => {
    for (const session of sessions) await session.release();
  });

  // classify-driver-error.ts: the message of the driver is left out
  test('a report tells the code of every table', async () => {
    const { stdout } = await room.run(['run', '--select', 'tag:broken', '--json']);
    expect(codesOf(stdout)).toEqual(EXPECTED);
  });

  test.each<[what: string, args: string[], environment?: Record<string, string>]>([
    ['in words, with everything', ['--log-level', 'trace'], CHATTY],
    ['as JSON lines, with everything', ['--log-level', 'trace', '--log-format', 'json'], CHATTY],
  ])('a log tells the code of every table: %s', async (_, args, environment) => {
    const { code, stderr } = await room.run(['run', '--select', 'tag:broken', ...args], environment);
    expect(code).toBe(1);
    for (const [table, word] of Object.entries(EXPECTED)) {
      expect(stderr).toMatch(new RegExp(`${table}: (?:copy|load) (?:failed|locked): .*\\(${word}\\)`));
    }
  });

  // tidemark-error.ts: no cause
  test.each(BREAKAGES)('an error object holds nothing: $table', async ({ table, hop, code }) => {
    const error: unknown = await room.pipeline[hop](table, { plan: { incrementalColumns: ['DateTStamp'] } }).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code, table });
    expect(room.leaksIn(everythingIn(error))).toEqual([]);
  });
});

/** A word of what the command found; of the others the name of a table. */
const SAYS: Readonly<Record<string, string>> = { doctor: 'replica', metrics: 'coverage', init: 'tables.yml' };

describe('what looks at the state', () => {
  // shown-mark.ts
  test('has numbers to hide', async () => {
    const marks = await room.pipeline.replica.query<{ watermarks: string }>(
      `SELECT CAST(watermarks AS CHAR) AS watermarks FROM etl_copy_status WHERE watermarks IS NOT NULL`,
    );
    expect(marks.some(({ watermarks }) => watermarks.includes(CANARY.keyDigits))).toBe(true);
  });

  test.each(
    [
      ['status'],
      ['status', '--json'],
      ['plan'],
      ['plan', 'patient', 'many', 'locked_copy'],
      ['run', 'patient', '--dry-run', '--json'],
      ['history', '--limit', '500'],
      ['history', '--limit', '500', '--json'],
      ['doctor'],
      ['doctor', '--json'],
      ['metrics'],
      ['metrics', '--json'],
      ['metrics', '--prometheus'],
      ['init', '--dry-run', '--update', '--json'],
      ['init', '--update'],
    ].map((args) => [args.join(' '), args] as const),
  )('%s', async (_, args) => {
    const { code, stdout } = await room.run([...args, '--log-level', 'trace'], CHATTY);
    expect(code).toBe(0);
    expect(stdout).toContain(SAYS[args[0] ?? ''] ?? 'patient');
  });
});

describe('what compares all rows', () => {
  // verify-report.ts: the rows themselves are left out
  test.each([['in words'], ['as JSON', '--json']])('tells no row that differs: %s', async (_, ...json) => {
    await room.pipeline.warehouse.exec(`UPDATE raw.patient SET "LName" = "FName" || "LName"`);
    // Without the one that no run could copy: it would be exit code 1.
    const args = ['verify', '--exclude', 'keyless', ...json, '--log-level', 'trace'];
    const { code, stdout } = await room.run(args, CHATTY);
    expect(code).toBe(3);
    expect(stdout).toMatch(/changed_in_raw|changed in raw/);
    expect(stdout).toContain('LName');
  });
});

test('neither history nor status holds anything, but for the marks', async () => {
  expect(await room.leaksInRecords()).toEqual([]);
});

test('no file that was written holds anything', () => {
  expect(room.leaksInFiles()).toEqual([]);
});
