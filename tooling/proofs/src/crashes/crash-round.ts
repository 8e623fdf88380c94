import { armPoint } from '@tidemark/testkit';
import { TRACKING_TABLES } from '@tidemark/tracking';
import { expect } from 'vitest';

import type { Pipeline } from '../pipeline.ts';
import { look, withoutTimes, type Side, type Standing } from './look.ts';
import { columnsAfter, expectSuccess, lookAtAll, type Reference, type Standings, type Visit } from './reference.ts';
import type { Room } from './room.ts';
import type { Scenario } from './scenarios.ts';
import { TABLES, type CrashTable } from './tables.ts';

/** What stood of the killed table in one hop when the process was gone. */
export type Left = 'before' | 'done' | 'failed' | 'forgotten' | 'emptied' | `chunk ${number}`;

export interface Found {
  readonly copy: Left;
  readonly load: Left;
}

/**
 * Kills the command at a point, looks, runs the next command, and requires that nothing tells from a sequence of runs
 * in which the killed one either never began or ended by itself.
 */
export async function crash(room: Room, scenario: Scenario, visit: Visit, reference: Reference): Promise<Found> {
  const { pipeline, command } = room;
  const table = TABLES.find(({ name }) => name === visit.table);
  if (!table) throw new Error(`There is no table ${visit.table}.`);
  await room.prepare(scenario);
  await killBefore(room, scenario, visit);
  const before = await look(pipeline, table, table.columns);
  await kill(room, scenario, visit);
  const found = await judge({ pipeline, scenario, table, before, reference });
  await expectHistory(pipeline, table, found);
  expectSuccess(await command.run(scenario.next));
  await pipeline.expectEqual(...TABLES.map(({ name }) => name));
  expectEnds(await lookAtAll(room, scenario), { found, table, reference });
  await expectNothingLeft(pipeline);
  return found;
}

async function kill({ command }: Room, { killed, preceded }: Scenario, { point, table, nth }: Visit): Promise<void> {
  const faults = preceded?.by === 'fault' ? preceded.at : [];
  const armed = armPoint(
    { point, table, action: 'kill', nth },
    ...faults.filter((at) => sameHop(at, point)).map((at) => ({ point: at, table, action: 'fail' as const })),
  );
  const { signal, code, stdout, stderr } = await command.run(killed, armed);
  expect({ signal, code }, `${stdout}\n${stderr}`).toEqual({ signal: 'SIGKILL', code: null });
}

/** A run that was killed earlier, where the scenario wants one. */
async function killBefore({ command }: Room, { killed, preceded }: Scenario, { point, table }: Visit): Promise<void> {
  if (preceded?.by !== 'kill') return;
  for (const at of preceded.at.filter((candidate) => sameHop(candidate, point))) {
    const { signal } = await command.run(killed, armPoint({ point: at, table, action: 'kill' }));
    expect(signal).toBe('SIGKILL');
  }
}

const sameHop = (left: string, right: string): boolean => left.split('.')[0] === right.split('.')[0];

interface Scene {
  readonly pipeline: Pipeline;
  readonly scenario: Scenario;
  readonly table: CrashTable;
  readonly before: Standing;
  readonly reference: Reference;
}

/** Rows and tracking row of a hop stand together as before the run or as after it (P1); as before means times too (P4). */
async function judge({ pipeline, scenario, table, before, reference }: Scene): Promise<Found> {
  // Where an earlier run was killed in its load, its copy is done: the killed run is the second that copies.
  const after = [reference.after, reference.afterBoth].map((standings) => standings.get(table.name));
  const asBefore = await look(pipeline, table, table.columns);
  const asAfter = await look(pipeline, table, columnsAfter(scenario, table));
  const left = (hop: 'copy' | 'load'): Left => {
    if (isSame(asBefore[hop], before[hop])) return 'before';
    if (after.some((each) => each && isSame(withoutTimes(asAfter[hop]), withoutTimes(each[hop])))) return 'done';
    if (FAILURES.some((code) => isSame(asBefore[hop], failed(before[hop], hop, code)))) return 'failed';
    if (hop === 'copy' && isSame(asBefore.copy, withoutColumns(before.copy))) return 'forgotten';
    if (hop === 'copy') return leftOfFirstCopy(asAfter.copy, before.copy, table);
    return expect.unreachable(`${table.name}: raw and its tracking row do not belong together`);
  };
  return { copy: left('copy'), load: left('load') };
}

/** The fault that was injected, and what the next run says of a killed one. */
const FAILURES = ['INTERNAL', 'INTERRUPTED'];

/** The only columns that a failure touches. */
function failed(before: Side, hop: 'copy' | 'load', code: string): Side {
  const touched = { [`${hop}_status`]: 'failed', last_error: code, consecutive_failures: 1 };
  return { ...before, record: { ...before.record, ...touched } };
}

/** A column is about to be added, or was: the next copy reads every row. */
function withoutColumns(before: Side): Side {
  return { ...before, record: { ...before.record, structure: null } };
}

/** A replica table that is built anew is empty for a while, or holds the chunks up to the resume point. */
function leftOfFirstCopy(found: Side, before: Side, { chunkRows, name }: CrashTable): Left {
  const resume = found.record?.['resume_point'];
  if (typeof resume === 'string') {
    const point: { readonly rows: number } = JSON.parse(resume);
    expect(found.rows, `rows of ${name} up to its resume point`).toBe(point.rows);
    return `chunk ${Math.ceil(found.rows / (chunkRows ?? found.rows))}`;
  }
  expect(found, `replica and tracking row of ${name}`).toMatchObject({ rows: 0, record: before.record });
  return 'emptied';
}

/** The history says of the killed run what stands: success where rows and tracking are there, else that it has no end. */
async function expectHistory({ replica, warehouse }: Pipeline, { name }: CrashTable, found: Found): Promise<void> {
  const last = (table: string): string =>
    `SELECT status FROM ${table} WHERE table_name = '${name}' ORDER BY id DESC LIMIT 1`;
  const [copy] = await replica.query<{ status: string | null }>(last(TRACKING_TABLES.runHistory));
  const [load] = await warehouse.query<{ status: string | null }>(last(`raw.${TRACKING_TABLES.runHistory}`));
  if (found.copy === 'done') expect(copy?.status).toBe('success');
  if (found.load === 'done') expect(load?.status).toBe('success');
  if (found.copy === 'failed') expect(copy?.status).toBe('failed');
  if (found.load === 'failed') expect(load?.status).toBe('failed');
}

interface Ended {
  readonly found: Found;
  readonly table: CrashTable;
  readonly reference: Reference;
}

/**
 * All columns of the tracking rows but ids and times, and all rows with their copy sequence. What the killed table holds
 * follows from what was left of it; others were somewhere in their own hops.
 */
function expectEnds(ends: Standings, { found, table, reference }: Ended): void {
  for (const [name, end] of ends) {
    const [both, nextOnly] = [reference.afterBoth.get(name), reference.afterNextOnly.get(name)];
    if (!both || !nextOnly) throw new Error(`There is no reference of ${name}.`);
    for (const hop of ['copy', 'load'] as const) {
      const ways = [both, nextOnly].map((standing) => withoutTimes(standing[hop]));
      if (name === table.name) {
        expect(withoutTimes(end[hop]), `${name}, ${hop}`).toEqual(ways[found[hop] === 'done' ? 0 : 1]);
      } else expect(ways, `${name}, ${hop}`).toContainEqual(withoutTimes(end[hop]));
      expect(end[hop].record).toMatchObject({
        [`${hop}_status`]: 'success',
        last_error: null,
        consecutive_failures: 0,
      });
    }
    expect(end.copy.record).toMatchObject({ resume_point: null });
  }
}

async function expectNothingLeft({ replica, warehouse }: Pipeline): Promise<void> {
  const unfinished = 'WHERE finished_at IS NULL OR status IS NULL';
  expect(await replica.query(`SELECT table_name FROM ${TRACKING_TABLES.runHistory} ${unfinished}`)).toEqual([]);
  expect(await warehouse.query(`SELECT table_name FROM raw.${TRACKING_TABLES.runHistory} ${unfinished}`)).toEqual([]);
  for (const { name, key } of TABLES) {
    const twice = (table: string, quote: string): string =>
      `SELECT 1 FROM ${table} GROUP BY ${key.map((column) => quote + column + quote).join(', ')} HAVING COUNT(*) > 1`;
    expect(await replica.query(twice(name, '`')), `keys twice in replica ${name}`).toEqual([]);
    expect(await warehouse.query(twice(`raw.${name}`, '"')), `keys twice in raw.${name}`).toEqual([]);
  }
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
