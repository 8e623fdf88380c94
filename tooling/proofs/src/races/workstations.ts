import { setTimeout as sleep } from 'node:timers/promises';

import type { TestDatabase } from '@tidemark/testkit';
import type { Connection } from 'mysql2/promise';

import { secondSession } from '../losses/second-session.ts';
import { BUSY_TABLES, LOOKBACK_SECONDS, type BusyTable } from './busy-tables.ts';
import { createChance, type Chance } from './chance.ts';

const ROWS_AT_FIRST = 300;
/** Between two things a workstation does, at most. */
const PAUSE_MS = 25;
/** A row lock that is not had, a deadlock: the workstation gives up what it was about to do, as the application does. */
const GIVEN_UP = new Set(['ER_LOCK_WAIT_TIMEOUT', 'ER_LOCK_DEADLOCK', 'ER_CHECKREAD']);

/** What was done until they were stopped. */
export interface WorkDone {
  statements: number;
  committed: number;
  rolledBack: number;
  givenUp: number;
}

export interface Workstations extends AsyncDisposable {
  /** Lets everybody finish what he is at. */
  stop(): Promise<WorkDone>;
}

/** Creates the busy tables with some rows. */
export async function createBusyTables(source: TestDatabase, seed: number): Promise<void> {
  for (const table of BUSY_TABLES) {
    const chance = createChance(seed, `rows of ${table.name}`);
    await source.exec(`CREATE TABLE ${table.name} (${table.create}) ENGINE=${table.engine}`);
    await source.query('START TRANSACTION');
    for (let row = 0; row < ROWS_AT_FIRST; row += 1) await source.query(table.insert, [chance.integer(2_000_000_000)]);
    await source.query('COMMIT');
  }
}

interface Workstation {
  readonly name: string;
  readonly tables: readonly BusyTable[];
  /** How long its transactions stay open, in milliseconds; null where each statement commits by itself. */
  readonly open: readonly [least: number, most: number] | null;
}

const TRANSACTIONAL = BUSY_TABLES.filter(({ engine }) => engine === 'InnoDB');
/** Longer than the lookback of the tables: only the age of open transactions keeps the watermark behind their rows. */
const LONG = [LOOKBACK_SECONDS * 1000 + 500, LOOKBACK_SECONDS * 1000 + 2_500] as const;

const WORKSTATIONS: readonly Workstation[] = [
  { name: 'front desk', tables: BUSY_TABLES, open: null },
  { name: 'chairside', tables: TRANSACTIONAL, open: [0, 300] },
  { name: 'billing', tables: TRANSACTIONAL.filter(({ isStamped }) => isStamped), open: LONG },
  { name: 'insurance', tables: TRANSACTIONAL.filter(({ isStamped }) => isStamped), open: LONG },
];

/**
 * Workstations that insert, update, delete and move rows to other keys, each on a connection of its own: one statement
 * at a time, in short transactions, and in transactions that stay open for seconds before they commit or roll back.
 */
export function startWorkstations(source: TestDatabase, seed: number): Workstations {
  const done: WorkDone = { statements: 0, committed: 0, rolledBack: 0, givenUp: 0 };
  const over = new AbortController();
  const work = Promise.all(WORKSTATIONS.map(atWork));
  // Told of by `stop`; a failure meanwhile must not end the process.
  work.catch(() => {});
  const stop = async (): Promise<WorkDone> => {
    over.abort();
    await work;
    return done;
  };
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) };

  async function atWork(workstation: Workstation): Promise<void> {
    const chance = createChance(seed, workstation.name);
    await using session = await secondSession(source);
    await session.query('SET SESSION innodb_lock_wait_timeout = 1');
    while (!over.signal.aborted) {
      await orGiveUp(session, done, () => workOnce(session, workstation, chance));
      await sleep(chance.integer(PAUSE_MS));
    }
  }

  async function workOnce(session: Connection, { tables, open }: Workstation, chance: Chance): Promise<void> {
    if (open === null) return act(session, { tables, chance, done });
    const [least, most] = open;
    const ends = performance.now() + least + chance.integer(most - least);
    await session.query('START TRANSACTION');
    const acts = 1 + chance.integer(6);
    for (let count = 0; count < acts; count += 1) await act(session, { tables, chance, done });
    while (performance.now() < ends && !over.signal.aborted) await sleep(PAUSE_MS);
    const isKept = chance.integer(5) > 0;
    await session.query(isKept ? 'COMMIT' : 'ROLLBACK');
    done[isKept ? 'committed' : 'rolledBack'] += 1;
  }
}

async function orGiveUp(session: Connection, done: WorkDone, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && GIVEN_UP.has(String(error.code)))) throw error;
    done.givenUp += 1;
    await session.query('ROLLBACK');
  }
}

interface Doing {
  readonly tables: readonly BusyTable[];
  readonly chance: Chance;
  readonly done: WorkDone;
}

const ACTS = ['insert', 'insert', 'insert', 'update', 'update', 'update', 'delete', 'move'] as const;

async function act(session: Connection, { tables, chance, done }: Doing): Promise<void> {
  const table = tables[chance.integer(tables.length)];
  if (!table) return;
  done.statements += 1;
  const kind = chance.pick(ACTS);
  const value = chance.integer(2_000_000_000);
  if (kind === 'insert') {
    await session.query(table.insert, [value]);
    return;
  }
  const [row] = await pickRow(session, table, chance);
  if (!row) return;
  const where = table.key.map((name) => `${name} = ?`).join(' AND ');
  if (kind === 'delete') await session.query(`DELETE FROM ${table.name} WHERE ${where}`, row);
  else await session.query(`${table[kind]} WHERE ${where}`, [value, ...row]);
}

async function pickRow(session: Connection, table: BusyTable, chance: Chance): Promise<string[][]> {
  const key = table.key.map((name) => `CAST(${name} AS CHAR)`).join(', ');
  const [rows] = await session.query({
    sql: `SELECT ${key} FROM ${table.name} ORDER BY ${table.key.join(', ')} LIMIT ?, 1`,
    values: [chance.integer(ROWS_AT_FIRST)],
    rowsAsArray: true,
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- text columns as arrays give just this
  return rows as unknown as string[][];
}
