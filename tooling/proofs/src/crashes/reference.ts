import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { tracePoints } from '@tidemark/testkit';
import { expect } from 'vitest';

import type { CommandEnd } from '../command.ts';
import { look, type Standing } from './look.ts';
import type { Room } from './room.ts';
import type { Scenario } from './scenarios.ts';
import { TABLES, type CrashTable } from './tables.ts';

/** A visit of the run to a point: which one of its table, from 1. */
export interface Visit {
  readonly point: string;
  readonly table: string;
  readonly nth: number;
}

export type Standings = ReadonlyMap<string, Standing>;

/** What a scenario gives where nothing is killed. */
export interface Reference {
  /** Every point that the run comes to. */
  readonly visits: readonly Visit[];
  /** After the run. */
  readonly after: Standings;
  /** After the run and the next one. */
  readonly afterBoth: Standings;
  /** After the next one, the run having been left out. */
  readonly afterNextOnly: Standings;
}

export async function makeReference(room: Room, scenario: Scenario): Promise<Reference> {
  const { pipeline, command } = room;
  const trace = join(command.folder, 'trace');
  rmSync(trace, { force: true });
  await room.prepare(scenario);
  expectSuccess(await command.run(scenario.killed, tracePoints(trace)));
  const after = await lookAtAll(room, scenario);
  expectSuccess(await command.run(scenario.next));
  const afterBoth = await lookAtAll(room, scenario);
  await pipeline.expectEqual(...TABLES.map(({ name }) => name));
  await room.prepare(scenario);
  expectSuccess(await command.run(scenario.next));
  await pipeline.expectEqual(...TABLES.map(({ name }) => name));
  const afterNextOnly = await lookAtAll(room, scenario);
  return { visits: readVisits(trace), after, afterBoth, afterNextOnly };
}

export async function lookAtAll({ pipeline }: Room, scenario: Scenario): Promise<Standings> {
  const standings = new Map<string, Standing>();
  for (const table of TABLES) standings.set(table.name, await look(pipeline, table, columnsAfter(scenario, table)));
  return standings;
}

/** The columns of a table once the changes of a scenario are copied. */
export function columnsAfter({ gains, loses }: Scenario, table: CrashTable): string[] {
  const gained = gains?.[table.name];
  return [...table.columns.filter((name) => name !== loses?.[table.name]), ...(gained === undefined ? [] : [gained])];
}

export function expectSuccess({ code, signal, stdout, stderr }: CommandEnd): void {
  expect({ code, signal }, `${stdout}\n${stderr}`).toEqual({ code: 0, signal: null });
}

/** Visits in their order, from the file that `tracePoints` named. */
export function readVisits(trace: string): Visit[] {
  const seen = new Map<string, number>();
  return readFileSync(trace, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [point = '', table = ''] = line.split(' ');
      const nth = (seen.get(line) ?? 0) + 1;
      seen.set(line, nth);
      return { point, table, nth };
    });
}
