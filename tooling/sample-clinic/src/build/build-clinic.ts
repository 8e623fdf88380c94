import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Draw } from '../chance/draw.ts';
import { parseWallClock, type WallClock } from '../clock/wall-clock.ts';
import { createTables, type CreateTablesOptions } from '../schema/create-tables.ts';
import type { Moment } from './fill.ts';
import { fillTable } from './fill-table.ts';
import { ALL_FILLS } from './fills/all-fills.ts';
import { Practice } from './practice.ts';
import { rowCounts } from './row-counts.ts';

/** What {@link buildClinic} builds. */
export interface BuildClinicOptions extends CreateTablesOptions {
  /** The same seed and options give the same rows. */
  readonly seed: number;
  readonly patients: number;
  /** About how many rows in all; 130 per patient unless said. */
  readonly rowsTarget?: number;
  /** The practice's wall clock, `2025-03-31 18:00:00` unless said: no row is stamped on or after that day. */
  readonly now?: string;
  /** Marks every text and key so that a test finds patient data wherever it should not be, see `CANARY`. */
  readonly canary?: boolean;
}

/** Every so many days, at three in the morning, a job edits many rows and stamps them all with one second. */
const BATCH_EVERY_DAYS = 30;

/** How far back the oldest rows were entered. */
const HISTORY_DAYS = 8 * 365;

const USUAL_NOW = '2025-03-31 18:00:00';

/**
 * Fills the 68 tables with an invented practice. They must be empty; where they do not exist they are created.
 *
 * Leaves the session with `sql_mode=''`; stamps are written in the session's time zone. No value depends on the
 * machine's clock.
 *
 * @returns rows per table.
 */
export async function buildClinic(
  connection: Connection,
  options: BuildClinicOptions,
): Promise<Readonly<Record<string, number>>> {
  await connection.query(`SET SESSION sql_mode = ''`);
  const [tables] = await connection.query<RowDataPacket[]>(`SHOW TABLES LIKE 'patient'`);
  if (tables.length === 0) await createTables(connection, options);
  const now = parseWallClock(options.now ?? USUAL_NOW);
  const practice = new Practice({
    seed: options.seed,
    phase: 'history',
    now,
    canary: options.canary ?? false,
  });
  const counts = rowCounts(options.patients, options.rowsTarget);
  for (const fill of ALL_FILLS) {
    const rows = counts.get(fill.table) ?? 0;
    await fillTable(connection, {
      fill,
      practice,
      rows,
      purpose: 'history',
      firstKey: practice.firstKey,
      momentOf: (index, draw) => momentInHistory(now, index / rows, draw),
      stampedByServer: false,
    });
  }
  return Object.fromEntries([...counts].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** Rows come to be one after the other through the years; three in ten were touched again at some later time. */
function momentInHistory(now: WallClock, share: number, draw: Draw): Moment {
  const age = Math.floor((1 - share) * HISTORY_DAYS) + 1;
  const entered = { day: now.day - age, second: workingSecond(draw) };
  if (!draw.chance(0.3) || age < 2) return { entered, edited: entered };
  const day = now.day - draw.int(1, age - 1);
  const batchDay = day - (day % BATCH_EVERY_DAYS);
  const isBatch = draw.chance(0.3) && batchDay > entered.day;
  return { entered, edited: isBatch ? { day: batchDay, second: 10_800 } : { day, second: workingSecond(draw) } };
}

/** Between seven in the morning and half past six. */
function workingSecond(draw: Draw): number {
  return draw.int(25_200, 66_600);
}
