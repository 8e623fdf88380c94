import type { Connection, RowDataPacket } from 'mysql2/promise';
import { parseWallClock, type WallClock } from '../clock/wall-clock.ts';
import { type DayAccount, Ledger } from './account.ts';
import type { Act } from './act.ts';
import { BACK_OFFICE_ACTS } from './acts/back-office.ts';
import { BILLING_ACTS } from './acts/billing.ts';
import { CHAIRSIDE_ACTS } from './acts/chairside.ts';
import { FRONT_DESK_ACTS } from './acts/front-desk.ts';
import { UPKEEP_ACTS } from './acts/upkeep.ts';
import { type DayWork, doAct } from './do-act.ts';
import { readPractice } from './read-practice.ts';

/** Which day {@link dayAtTheClinic} plays. */
export interface DayOptions {
  readonly seed: number;
  /** Number of the day: another number, another day's work. */
  readonly day: number;
  /**
   * The practice's wall clock when the day ends: the server is made to stamp the rows of this session with the hours
   * before it, which makes the day repeatable to the last byte. Without it the server's own clock stamps.
   */
  readonly now?: string;
}

/** In the order of a day. */
const DAY: readonly Act[] = [
  ...FRONT_DESK_ACTS,
  ...CHAIRSIDE_ACTS,
  ...BILLING_ACTS,
  ...BACK_OFFICE_ACTS,
  ...UPKEEP_ACTS,
];

/** Between one act and the next, where the clock is not the server's own. */
const SECONDS_PER_ACT = 240;

/**
 * Plays a day's work on a practice: new rows, edits that move the server's stamp, edits that do not, real and marked
 * deletions, dates in the past and the future.
 *
 * The same seed and day on the same rows give the same rows again, their stamps apart unless `now` is given. Leaves
 * the session with `sql_mode=''`.
 *
 * @returns what changed, per table. It counts on stamps that move with every edit, and they cannot when two days are
 *   played within one second of the server's clock.
 */
export async function dayAtTheClinic(connection: Connection, options: DayOptions): Promise<DayAccount> {
  await connection.query(`SET SESSION sql_mode = ''`);
  const ledger = new Ledger();
  const added = new Map<string, number>();
  try {
    await setClock(connection, options.now, DAY.length);
    const rules = { seed: options.seed, phase: 'day', now: await readClock(connection) } as const;
    const practice = await readPractice(connection, rules);
    for (const [index, act] of DAY.entries()) {
      await setClock(connection, options.now, DAY.length - 1 - index);
      const clock = await readClock(connection);
      const purpose = `day ${options.day} act ${index} ${act.kind} ${act.table}`;
      await inTransaction({ connection, practice, ledger, clock, purpose, added }, act);
    }
  } finally {
    await connection.query('SET SESSION timestamp = DEFAULT');
  }
  return ledger.close();
}

/** One transaction per act, so that InnoDB does not write its log to disk for every row. */
async function inTransaction(work: DayWork, act: Act): Promise<void> {
  await work.connection.beginTransaction();
  try {
    await doAct(work, act);
    await work.connection.commit();
  } catch (error) {
    await work.connection.rollback();
    throw error;
  }
}

async function setClock(connection: Connection, now: string | undefined, actsLeft: number): Promise<void> {
  if (now === undefined) return;
  const [rows] = await connection.query<RowDataPacket[]>('SELECT UNIX_TIMESTAMP(?) AS seconds', [now]);
  await connection.query('SET SESSION timestamp = ?', [Number(rows[0]?.['seconds']) - actsLeft * SECONDS_PER_ACT]);
}

async function readClock(connection: Connection): Promise<WallClock> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT CAST(NOW() AS CHAR) AS clock');
  return parseWallClock(String(rows[0]?.['clock']));
}
