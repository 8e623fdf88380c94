import { setTimeout as sleep } from 'node:timers/promises';

import { testServers } from '@tidemark/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createNumbers } from '../test/numbers-table.ts';
import { openRoom, type Room } from '../test/room.ts';
import { compareTables, type ComparedRange, type TableComparison } from './compare-tables.ts';
import { describeTables } from './describe-tables.ts';
import type { MysqlSession } from './open-session.ts';
import type { TableSide } from './orders-alike.ts';

/** Some ranges: the first has 5,000 rows. */
const ROWS = 30_000;

let source: Room;
let replica: Room;

beforeEach(async () => {
  source = await openRoom(testServers().source);
  replica = await openRoom(testServers().replica);
  for (const { database } of [source, replica]) await createNumbers(database, ROWS, 20);
  await replica.database.exec('ALTER TABLE numbers ENGINE = InnoDB');
});
afterEach(async () => {
  await source[Symbol.asyncDispose]();
  await replica[Symbol.asyncDispose]();
});

async function sideOf({ session }: Room, statements: string[] = []): Promise<TableSide> {
  const [table] = await describeTables(session, ['numbers']);
  if (!table) throw new Error('The table is missing.');
  return { table, session: noting(session, statements) };
}

function noting(session: MysqlSession, statements: string[]): MysqlSession {
  return {
    ...session,
    query: (sql, params) => {
      statements.push(sql);
      return session.query(sql, params);
    },
  };
}

/** A server that takes a second over each statement. */
function slow(session: MysqlSession): MysqlSession {
  return {
    ...session,
    query: async (sql, params) => {
      await sleep(1_000);
      return session.query(sql, params);
    },
  };
}

interface Outcome {
  readonly ranges: readonly ComparedRange[];
  /** Digests of the source, in order: of a range by the key's index, or of the rest in one scan. */
  readonly digests: readonly ('range' | 'scan')[];
}

interface Dressed {
  readonly replicaAs?: (session: MysqlSession) => MysqlSession;
}

async function compare(
  engine: string,
  { replicaAs = (session: MysqlSession) => session, ...options }: Partial<TableComparison> & Dressed = {},
): Promise<Outcome> {
  await source.database.exec(`ALTER TABLE numbers ENGINE = ${engine}`);
  const statements: string[] = [];
  const left = await sideOf(source, statements);
  const { table, session } = await sideOf(replica);
  const right = { table, session: replicaAs(session) };
  const ranges: ComparedRange[] = [];
  const comparison = { left, right, key: ['id'], columns: left.table.columns, ...options };
  for await (const range of compareTables(comparison)) ranges.push(range);
  const digests = statements
    .filter((sql) => sql.includes('checksum'))
    .map((sql) => (sql.includes('USE INDEX ()') ? 'scan' : 'range'));
  return { ranges, digests };
}

function rowsOf(ranges: readonly ComparedRange[]): number {
  return ranges.reduce((sum, { leftRows }) => sum + leftRows, 0);
}

describe('a MyISAM table that takes no long scan', () => {
  test('is read in one scan behind its first range', async () => {
    const { ranges, digests } = await compare('MyISAM');
    expect(digests).toEqual(['range', 'scan']);
    expect(ranges.every(({ isEqual }) => isEqual)).toBe(true);
    expect(rowsOf(ranges)).toBe(ROWS);
  });

  test('is judged by its own server, not by a replica that takes longer', async () => {
    const { digests } = await compare('MyISAM', { replicaAs: slow });
    expect(digests).toEqual(['range', 'scan']);
  });

  test('goes on in ranges where the scan differs, and every row that differs is named once', async () => {
    await source.database.exec(`
      UPDATE numbers SET note = 'changed' WHERE id = 29999;
      DELETE FROM numbers WHERE id = 7000;
      INSERT INTO numbers VALUES (30001, 'new')`);
    const { ranges, digests } = await compare('MyISAM');
    expect(digests.slice(0, 3)).toEqual(['range', 'scan', 'range']);
    expect(digests.filter((digest) => digest === 'scan')).toHaveLength(1);
    const named = ranges.flatMap(({ rows }) => (rows ? [rows] : []));
    expect(named.flatMap(({ different }) => different)).toEqual([['29999']]);
    expect(named.flatMap(({ leftOnly }) => leftOnly)).toEqual([['30001']]);
    expect(named.flatMap(({ rightOnly }) => rightOnly)).toEqual([['7000']]);
    expect(rowsOf(ranges)).toBe(ROWS);
  });

  test('sees rows of the replica behind its own last key', async () => {
    await replica.database.exec(`INSERT INTO numbers VALUES (40000, 'extra')`);
    const { ranges } = await compare('MyISAM');
    expect(ranges.flatMap(({ rows }) => rows?.rightOnly ?? [])).toEqual([['40000']]);
  });

  test.each<[why: string, engine: string, options: Partial<TableComparison>]>([
    ['where a statement may not read as many rows', 'MyISAM', { mostRows: 10_000 }],
    ['where a part of the table is compared', 'MyISAM', { within: { after: ['1000'], upTo: null } }],
    ['of an engine that keeps rows by the key', 'InnoDB', {}],
  ])('not %s', async (_, engine, options) => {
    const { ranges, digests } = await compare(engine, options);
    expect(new Set(digests)).toEqual(new Set(['range']));
    expect(digests.length).toBeGreaterThan(1);
    expect(ranges.every(({ isEqual }) => isEqual)).toBe(true);
  });
});
