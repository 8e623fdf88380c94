import { testServers } from '@tidemark/testkit';
import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countOf, emptyDatabase } from '../../test/test-clinic.ts';
import { buildClinic } from '../build/build-clinic.ts';
import { parseWallClock } from '../clock/wall-clock.ts';
import { Ledger } from './account.ts';
import type { Act } from './act.ts';
import { doAct } from './do-act.ts';
import { readPractice } from './read-practice.ts';

let database: Awaited<ReturnType<typeof emptyDatabase>>;
let connection: Connection;

beforeAll(async () => {
  database = await emptyDatabase(testServers().source);
  ({ connection } = database);
  await buildClinic(connection, { seed: 4, patients: 20 });
});

afterAll(() => database[Symbol.asyncDispose]());

/** Does the acts and tells what was booked for a table. */
async function accountOf(table: string, ...acts: Act[]): Promise<unknown> {
  const clock = parseWallClock('2025-04-01 12:00:00');
  const ledger = new Ledger();
  const practice = await readPractice(connection, { seed: 4, phase: 'day', now: clock });
  for (const act of acts) {
    await doAct({ connection, practice, ledger, clock, purpose: 'test', added: new Map() }, act);
  }
  return ledger.close()[table];
}

test('the newest row stays, so that the next one gets a key never used before', async () => {
  const newest = await countOf(connection, 'SELECT MAX(TaskNoteNum) FROM tasknote');
  const rows = await countOf(connection, 'SELECT COUNT(*) FROM tasknote');
  const removal: Act = { kind: 'remove', table: 'tasknote', share: 1 };
  expect(await accountOf('tasknote', removal)).toMatchObject({ deleted: rows - 1 });
  await accountOf('tasknote', { kind: 'insert', table: 'tasknote', share: 0 });
  expect(await countOf(connection, 'SELECT MIN(TaskNoteNum) FROM tasknote')).toBe(newest);
  expect(await countOf(connection, 'SELECT MAX(TaskNoteNum) FROM tasknote')).toBe(newest + 1);
});

test('an edit that leaves a row as it was is not counted', async () => {
  const edit: Act = { kind: 'edit', table: 'recalltype', share: 1, set: () => ({ AppendToSpecial: 1 }) };
  const rows = await countOf(connection, 'SELECT COUNT(*) FROM recalltype WHERE AppendToSpecial <> 1');
  expect(await accountOf('recalltype', edit)).toMatchObject({ updated: rows, updatedWithoutStamp: rows });
  expect(await accountOf('recalltype', edit)).toMatchObject({ updated: 0 });
});

test('a row edited twice counts once, and not at all when it is deleted after', async () => {
  const edit: Act = { kind: 'edit', table: 'rxdef', share: 1, set: ({ draw }) => ({ Notes: draw.hex(12) }) };
  const again: Act = { ...edit, set: ({ draw }) => ({ Notes: `${draw.hex(12)}!` }) };
  const rows = await countOf(connection, 'SELECT COUNT(*) FROM rxdef');
  expect(await accountOf('rxdef', edit, again)).toMatchObject({ updated: rows, deleted: 0 });
  const removal: Act = { kind: 'remove', table: 'rxdef', share: 1 };
  expect(await accountOf('rxdef', { ...edit, set: () => ({ Notes: '' }) }, removal)).toMatchObject({
    updated: 1,
    deleted: rows - 1,
  });
});

test('deleting a statement takes its lines along, and only these', async () => {
  const removal: Act = {
    kind: 'remove',
    table: 'statement',
    share: 0.2,
    takesAlong: [{ table: 'statementprod', column: 'StatementNum' }],
  };
  const orphans = `SELECT COUNT(*) FROM statementprod WHERE StatementNum NOT IN (SELECT StatementNum FROM statement)`;
  expect(await accountOf('statementprod', removal)).not.toMatchObject({ deleted: 0 });
  expect(await countOf(connection, orphans)).toBeLessThanOrEqual(1);
  expect(await countOf(connection, 'SELECT COUNT(*) FROM statementprod')).toBeGreaterThan(10);
});

test('a deleted appointment is unlinked from the log, the server keeps no trace of when', async () => {
  const removal: Act = {
    kind: 'remove',
    table: 'appointment',
    share: 0.3,
    unlinks: [{ table: 'securitylog', column: 'FKey' }],
  };
  const linked = 'SELECT COUNT(*) FROM securitylog WHERE FKey <> 0';
  const before = await countOf(connection, linked);
  const booked = await accountOf('securitylog', removal);
  const unlinked = before - (await countOf(connection, linked));
  expect(unlinked).toBeGreaterThan(0);
  expect(booked).toMatchObject({ updated: unlinked, updatedWithoutStamp: unlinked });
});
