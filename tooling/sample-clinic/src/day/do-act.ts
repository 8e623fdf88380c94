import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { ALL_FILLS } from '../build/fills/all-fills.ts';
import { fillTable } from '../build/fill-table.ts';
import type { Practice, Row } from '../build/practice.ts';
import { cutText, longestText, markText } from '../build/row-encoder.ts';
import { Draw } from '../chance/draw.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import { clinicTable, type ClinicTable } from '../schema/clinic-tables.ts';
import { quoteName } from '../schema/quote-name.ts';
import type { Ledger } from './account.ts';
import type { Act, Edit, Follower, Insert, Removal } from './act.ts';
import { asText } from './read-practice.ts';

/** Keys per statement. */
const KEYS_AT_ONCE = 500;

type TextRow = Readonly<Record<string, string | null>>;

/** What doing one act needs. */
export interface DayWork {
  readonly connection: Connection;
  readonly practice: Practice;
  readonly ledger: Ledger;
  /** The clock on the wall at this act. */
  readonly clock: WallClock;
  /** Names the chance of this act of this day. */
  readonly purpose: string;
  /** Rows the day has added so far, per table. */
  readonly added: Map<string, number>;
}

/** Does one act in the database and books what changed. */
export async function doAct(work: DayWork, act: Act): Promise<void> {
  switch (act.kind) {
    case 'insert':
      return insertRows(work, act);
    case 'edit':
      return editRows(work, act);
    case 'remove':
      return removeRows(work, act);
  }
}

async function insertRows(work: DayWork, act: Insert): Promise<void> {
  const { connection, practice, clock } = work;
  const table = clinicTable(act.table);
  const fill = ALL_FILLS.find((one) => one.table === act.table);
  if (fill === undefined) throw new Error(`nothing fills ${act.table}`);
  const [found] = await connection.query<RowDataPacket[]>(
    `SELECT COUNT(*) AS total, CAST(MAX(${quoteName(table.key)}) AS CHAR) AS newest FROM ${quoteName(table.name)}`,
  );
  const share = Math.round(Number(found[0]?.['total']) * act.share);
  const rows = act.asManyAs === undefined ? Math.max(act.atLeast ?? 1, share) : (work.added.get(act.asManyAs) ?? 0);
  const newest: unknown = found[0]?.['newest'];
  const keys = await fillTable(connection, {
    fill,
    practice,
    rows,
    purpose: work.purpose,
    // The counter's next value: no act removes the newest row, so no key is ever used twice.
    firstKey: fill.key === undefined && typeof newest === 'string' ? Number(newest) + 1 : practice.firstKey,
    momentOf: () => ({ entered: clock, edited: clock }),
    stampedByServer: true,
  });
  work.added.set(table.name, rows);
  for (const key of keys) work.ledger.inserted(table.name, String(key));
}

async function editRows(work: DayWork, act: Edit): Promise<void> {
  const { practice, clock, ledger } = work;
  const table = clinicTable(act.table);
  const draw = new Draw(practice.rules.seed, work.purpose);
  const candidates = await readCandidates(work, table, { where: act.where, columns: act.reads });
  const changed: string[] = [];
  for (const row of draw.sample(candidates, sizeOf(act, candidates.length))) {
    const key = String(row[table.key]);
    if (!(await updateRow(work, table, key, act.set({ row, draw, practice, clock })))) continue;
    changed.push(key);
    if (act.softDeletes === true) ledger.softDeleted(table.name, key);
  }
  for (const follower of act.takesAlong ?? []) await takeAlong(work, follower, changed);
}

async function removeRows(work: DayWork, act: Removal): Promise<void> {
  const table = clinicTable(act.table);
  const draw = new Draw(work.practice.rules.seed, work.purpose);
  const candidates = await readCandidates(work, table, { where: act.where, sparesNewest: true });
  const size = sizeOf(act, candidates.length);
  const chosen = act.oldestFirst === true ? candidates.slice(0, size) : draw.sample(candidates, size);
  const keys = chosen.map((row) => String(row[table.key]));
  await deleteKeys(work, table, keys);
  for (const follower of act.takesAlong ?? []) await takeAlong(work, follower, keys);
  for (const follower of act.unlinks ?? []) await unlink(work, follower, keys);
}

async function takeAlong(work: DayWork, follower: Follower, keys: readonly string[]): Promise<void> {
  const table = clinicTable(follower.table);
  const rows = await readFollowers(work, follower, keys, true);
  await deleteKeys(
    work,
    table,
    rows.map((row) => String(row[table.key])),
  );
}

async function unlink(work: DayWork, follower: Follower, keys: readonly string[]): Promise<void> {
  const table = clinicTable(follower.table);
  for (const row of await readFollowers(work, follower, keys, false)) {
    await updateRow(work, table, String(row[table.key]), { [follower.column]: 0 });
  }
}

interface CandidateQuery {
  readonly where?: string | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly sparesNewest?: boolean;
  readonly parameters?: readonly unknown[];
}

async function readCandidates(work: DayWork, table: ClinicTable, query: CandidateQuery): Promise<TextRow[]> {
  const key = quoteName(table.key);
  const from = `FROM ${quoteName(table.name)}`;
  const newest = query.sparesNewest === true ? ` AND ${key} <> (SELECT MAX(${key}) ${from})` : '';
  const columns = [table.key, ...(query.columns ?? [])].map(asText).join(', ');
  const [rows] = await work.connection.query<(RowDataPacket & TextRow)[]>(
    `SELECT ${columns} ${from} WHERE (${query.where ?? '1 = 1'})${newest} ORDER BY ${key}`,
    [...(query.parameters ?? [])],
  );
  return rows;
}

async function readFollowers(
  work: DayWork,
  follower: Follower,
  keys: readonly string[],
  sparesNewest: boolean,
): Promise<TextRow[]> {
  const rows: TextRow[] = [];
  for (const some of portions(keys)) {
    const where = `${quoteName(follower.column)} IN (?)`;
    const found = await readCandidates(work, clinicTable(follower.table), { where, parameters: [some], sparesNewest });
    rows.push(...found);
  }
  return rows;
}

/** @returns whether the server says that the row is not the same as before. */
async function updateRow(work: DayWork, table: ClinicTable, key: string, values: Row): Promise<boolean> {
  const marked = Object.entries(values).map(([column, value]) => {
    const longest = longestText(table.columns.find(({ name }) => name === column)?.type ?? '');
    if (typeof value !== 'string' || longest === 0) return [column, value] as const;
    return [column, cutText(markText(value, longest, work.practice.rules.canary), longest)] as const;
  });
  const [result] = await work.connection.query<ResultSetHeader>(
    `UPDATE ${quoteName(table.name)} SET ${marked.map(([column]) => `${quoteName(column)} = ?`).join(', ')}
      WHERE ${quoteName(table.key)} = ?`,
    [...marked.map(([, value]) => value), key],
  );
  if (result.changedRows === 0) return false;
  work.ledger.updated(table.name, key);
  return true;
}

async function deleteKeys(work: DayWork, table: ClinicTable, keys: readonly string[]): Promise<void> {
  for (const some of portions(keys)) {
    await work.connection.query(`DELETE FROM ${quoteName(table.name)} WHERE ${quoteName(table.key)} IN (?)`, [some]);
    for (const key of some) work.ledger.deleted(table.name, key);
  }
}

function* portions(keys: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) yield keys.slice(start, start + KEYS_AT_ONCE);
}

function sizeOf(act: Edit | Removal, candidates: number): number {
  return Math.max(act.atLeast ?? 1, Math.round(candidates * act.share));
}
