import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { armPoint, tracePoints } from '@tidemark/testkit';
import { TRACKING_TABLES } from '@tidemark/tracking';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { CommandEnd } from '../command.ts';
import { look, type Standing } from './look.ts';
import { expectSuccess, readVisits, type Visit } from './reference.ts';
import { openRoom, type Room } from './room.ts';
import { runAll, type Scenario } from './scenarios.ts';
import { TABLES } from './tables.ts';

/** Every kind of difference, in every table: by the source without a stamp, in the replica and in raw. */
const IN_SOURCE = [
  `UPDATE visit SET Note = 'unseen', DateTStamp = DateTStamp WHERE VisitNum = 3`,
  `DELETE FROM visit WHERE VisitNum = 4`,
  `UPDATE carrier SET Fee = 0 WHERE CarrierNum = 3`,
  `DELETE FROM carrier WHERE CarrierNum = 4`,
  `UPDATE setting SET SettingValue = 'other' WHERE SettingName = 'setting 03'`,
  `DELETE FROM setting WHERE SettingName = 'setting 04'`,
  `UPDATE claim SET Amount = 0 WHERE ClaimNum = 3`,
  `DELETE FROM claim WHERE ClaimNum = 4`,
];
const IN_REPLICA = [
  'DELETE FROM visit WHERE VisitNum = 6',
  'DELETE FROM carrier WHERE CarrierNum = 6',
  `DELETE FROM setting WHERE SettingName = 'setting 06'`,
  'DELETE FROM claim WHERE ClaimNum = 6',
];
const IN_RAW = [
  `DELETE FROM raw.visit WHERE "VisitNum" = 8`,
  `UPDATE raw.carrier SET "Fee" = 8 WHERE "CarrierNum" = 8`,
  `INSERT INTO raw.setting VALUES ('setting 99', 'nowhere else')`,
  `UPDATE raw.claim SET "Amount" = 8 WHERE "ClaimNum" = 8`,
];
const REPAIR = ['verify', '--repair', '--json'];
const DAMAGED: Scenario = {
  title: 'repair',
  says: '',
  prepare: runAll,
  changes: IN_SOURCE,
  killed: REPAIR,
  next: REPAIR,
};

let room: Room;
let visits: readonly Visit[];

beforeAll(async () => {
  room = await openRoom();
  const trace = join(room.command.folder, 'trace');
  await damage();
  expectSuccess(await room.command.run(REPAIR, tracePoints(trace)));
  visits = readVisits(trace);
  rmSync(trace);
});
afterAll(() => room[Symbol.asyncDispose]());

async function damage(): Promise<void> {
  const { pipeline } = room;
  await room.prepare(DAMAGED);
  await pipeline.replica.exec(IN_REPLICA.join(';'));
  await pipeline.warehouse.exec(IN_RAW.join(';'));
  await pipeline.warehouse.exec(`DELETE FROM raw.${TRACKING_TABLES.verification}`);
}

/** Rows and their tracking rows in both hops. */
async function lookAtAll(): Promise<Standing[]> {
  const standings: Standing[] = [];
  for (const table of TABLES) standings.push(await look(room.pipeline, table, table.columns));
  return standings;
}

/** What a repair may never move (decision 34). */
const marks = async () =>
  (await lookAtAll()).flatMap(({ copy, load }) =>
    [copy, load].map(({ record, times }) => ({
      watermarks: record?.['watermarks'],
      key: record?.['highest_key'],
      asOf: times?.['source_as_of'],
    })),
  );

const verdictsOf = ({ stdout }: CommandEnd): string[] => {
  const { tables }: { tables: { verdict: string }[] } = JSON.parse(stdout);
  return tables.map(({ verdict }) => verdict);
};

test('a repair that is killed anywhere is finished by the next one', { timeout: 1_200_000 }, async () => {
  const { pipeline, command } = room;
  // One table each, in turn.
  const points = [...Map.groupBy(visits, ({ point }) => point).values()];
  const tried = points.flatMap((of, at) => of.slice(at % of.length, (at % of.length) + 1));
  expect(tried.map(({ point }) => point)).toEqual(expect.arrayContaining(['copy.after-commit', 'load.after-commit']));
  for (const { point, table, nth } of tried) {
    const where = `killed at ${point} of ${table}, visit ${nth}`;
    await damage();
    const before = await marks();
    const { signal, stderr } = await command.run(REPAIR, armPoint({ point, table, action: 'kill', nth }));
    expect(signal, `${where}: ${stderr}`).toBe('SIGKILL');
    const proved = `SELECT 1 FROM raw.${TRACKING_TABLES.verification} WHERE table_name = $1`;
    expect(await pipeline.warehouse.query(proved, [table]), `${where}: a proof of what was not looked at`).toEqual([]);
    const again = await command.run(REPAIR);
    expect(again.code, `${where}: ${again.stdout}`).toBe(0);
    expect(verdictsOf(again), where).toEqual(TABLES.map(() => 'match'));
    expect(await marks(), where).toEqual(before);
    // What the killed repair had copied is pending until the next load.
    expectSuccess(await command.run(['run', '--json']));
    await pipeline.expectEqual(...TABLES.map(({ name }) => name));
    const unfinished = 'WHERE finished_at IS NULL OR status IS NULL';
    expect(await pipeline.replica.query(`SELECT 1 FROM ${TRACKING_TABLES.runHistory} ${unfinished}`), where).toEqual(
      [],
    );
    expect(await pipeline.warehouse.query(`SELECT 1 FROM raw.${TRACKING_TABLES.runHistory} ${unfinished}`)).toEqual([]);
  }
});

test('a repair of nothing, and one that is only tried, write nothing', { timeout: 120_000 }, async () => {
  await damage();
  const before = await lookAtAll();
  const dry = await room.command.run([...REPAIR, '--dry-run']);
  expect(dry.code).toBe(3);
  expect(await lookAtAll()).toEqual(before);
  expectSuccess(await room.command.run(REPAIR));
  const mended = await lookAtAll();
  expectSuccess(await room.command.run(REPAIR));
  expect(await lookAtAll()).toEqual(mended);
});

test('two repairs at once, and a run beside them', { timeout: 120_000 }, async () => {
  await damage();
  const ends = await Promise.all([REPAIR, ['run', '--json'], REPAIR].map((args) => room.command.run(args)));
  // Who finds a table held leaves it (5); a comparison may meet what the other has not mended yet (3).
  for (const { code, stdout, stderr } of ends) expect([0, 3, 5], `${stdout}\n${stderr}`).toContain(code);
  expectSuccess(await room.command.run(REPAIR));
  // What the run copied while a repair held the load of the table is pending until the next load.
  expectSuccess(await room.command.run(['run', '--json']));
  await room.pipeline.expectEqual(...TABLES.map(({ name }) => name));
});
