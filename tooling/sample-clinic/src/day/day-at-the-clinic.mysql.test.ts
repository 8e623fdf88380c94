import { testServers } from '@tidemark/testkit';
import type { Connection } from 'mysql2/promise';
import { describe, expect, test } from 'vitest';
import { checksums, countOf, emptyDatabase, type RowPrint, rowPrints } from '../../test/test-clinic.ts';
import { buildClinic } from '../build/build-clinic.ts';
import { CLINIC_TABLES } from '../schema/clinic-tables.ts';
import type { DayAccount, TableAccount } from './account.ts';
import { dayAtTheClinic } from './day-at-the-clinic.ts';

type Prints = Map<string, Map<string, RowPrint>>;

async function allPrints(connection: Connection): Promise<Prints> {
  const prints: Prints = new Map();
  for (const { name } of CLINIC_TABLES) prints.set(name, await rowPrints(connection, name));
  return prints;
}

/** What changed between two readings, counted without asking the day. Marked deletions it cannot tell. */
function difference(before: Map<string, RowPrint>, after: Map<string, RowPrint>): Omit<TableAccount, 'softDeleted'> {
  const kept = [...before].flatMap(([key, old]) => {
    const now = after.get(key);
    return now === undefined ? [] : [{ old, now }];
  });
  const updated = kept.filter(({ old, now }) => old.digest !== now.digest);
  return {
    inserted: after.size - kept.length,
    updated: updated.length,
    updatedWithoutStamp: updated.filter(({ old, now }) => old.stamp === now.stamp).length,
    deleted: before.size - kept.length,
  };
}

/** The changes of all tables, in the form of an account without its marked deletions. */
function differences(before: Prints, after: Prints): Record<string, Omit<TableAccount, 'softDeleted'>> {
  return Object.fromEntries(
    CLINIC_TABLES.map(({ name }) => [name, difference(before.get(name) ?? new Map(), after.get(name) ?? new Map())]),
  );
}

function withoutMarks(account: DayAccount): Record<string, Omit<TableAccount, 'softDeleted'>> {
  return Object.fromEntries(
    Object.entries(account).map(([name, { inserted, updated, updatedWithoutStamp, deleted }]) => [
      name,
      { inserted, updated, updatedWithoutStamp, deleted },
    ]),
  );
}

const NOTHING: TableAccount = { inserted: 0, updated: 0, updatedWithoutStamp: 0, deleted: 0, softDeleted: 0 };

/** Tables without a stamp that a day does not edit in place. */
const NEVER_EDITED = new Set([
  'procgroupitem',
  'procnote',
  'recalltrigger',
  'rxnorm',
  'securityloghash',
  'tasksubscription',
  'taskunread',
  'treatplanparam',
  'usergroupattach',
]);
/** Inserted, updated and deleted in one go. */
const SAVED_AS_A_WHOLE = 'fee paysplit pharmclinic programproperty sheetfield statementprod treatplanattach'.split(' ');
/** Deleted with the row that they belong to. */
const TAKEN_ALONG = 'claimproc patplan periomeasure scheduleop securityloghash'.split(' ');
/** By hand, by archiving old rows, by Database Maintenance. */
const DELETED = 'appointment commlog document payment recall securitylog sheet statement treatplan'.split(' ');

describe('a day by the server’s own clock', () => {
  test('changes exactly what it says, day after day', async () => {
    await using database = await emptyDatabase(testServers().source);
    const { connection } = database;
    await buildClinic(connection, { seed: 7, patients: 200 });
    let before = await allPrints(connection);
    for (const day of [1, 2]) {
      const account = await dayAtTheClinic(connection, {
        seed: 7,
        day,
        ...(day === 2 ? { now: '2025-04-02 18:00:00' } : {}),
      });
      const after = await allPrints(connection);
      expect(withoutMarks(account)).toEqual(differences(before, after));
      before = after;
    }
  });

  test('touches most tables in every way, and leaves some alone', async () => {
    await using database = await emptyDatabase(testServers().source);
    const { connection } = database;
    await buildClinic(connection, { seed: 8, patients: 200 });
    const started = await countOf(connection, 'SELECT UNIX_TIMESTAMP(NOW())');
    const marked = 'SELECT COUNT(*) FROM sheet WHERE IsDeleted = 1';
    const markedBefore = await countOf(connection, marked);
    const account = await dayAtTheClinic(connection, { seed: 8, day: 1 });
    const told = Object.entries(account);
    const touched = told.filter(([, { inserted, updated, deleted }]) => inserted + updated + deleted > 0);
    expect(touched.length).toBeGreaterThanOrEqual(55);
    expect(touched.length).toBeLessThan(68);
    expect(account['rxnorm']).toEqual({ inserted: 0, updated: 0, updatedWithoutStamp: 0, deleted: 0, softDeleted: 0 });
    const unstampedOnly = touched.filter(([, { inserted, updated, updatedWithoutStamp, deleted }]) => {
      return inserted + deleted === 0 && updatedWithoutStamp === updated;
    });
    expect(unstampedOnly.map(([name]) => name)).toEqual(
      expect.arrayContaining(['userod', 'employee', 'program', 'tasklist', 'userodapptview']),
    );
    for (const table of ['sheetfield', 'scheduleop', 'treatplanattach', 'statementprod']) {
      expect(account[table]?.updatedWithoutStamp).toBeGreaterThan(0);
      expect(account[table]?.deleted).toBeGreaterThan(0);
    }
    expect(account['securitylog']?.updatedWithoutStamp).toBeGreaterThan(0);
    expect(account['patient']?.updated).toBeGreaterThan(30);
    for (const table of ['patient', 'procedurelog', 'sheet'])
      expect(account[table]?.softDeleted, table).toBeGreaterThan(0);
    expect((await countOf(connection, marked)) - markedBefore).toBeGreaterThanOrEqual(
      account['sheet']?.softDeleted ?? 0,
    );
    const stamped = 'SELECT COUNT(*) FROM patient WHERE UNIX_TIMESTAMP(DateTStamp) >= ?';
    const { inserted = 0, updated = 0 } = account['patient'] ?? {};
    expect(await countOf(connection, stamped, [started])).toBe(inserted + updated);
  });

  test('changes and deletes in every way that no stamp tells of', async () => {
    await using database = await emptyDatabase(testServers().source);
    const { connection } = database;
    await buildClinic(connection, { seed: 6, patients: 60 });
    const account = await dayAtTheClinic(connection, { seed: 6, day: 1 });
    const tablesWith = (count: (account: TableAccount) => number): string[] =>
      Object.keys(account).filter((table) => count(account[table] ?? NOTHING) > 0);
    // Edited in place without a stamp: all that have none, but for rows that are only put in or only deleted.
    const unstamped = CLINIC_TABLES.flatMap(({ name, stamp }) => (stamp === undefined ? [name] : []));
    expect(tablesWith(({ updatedWithoutStamp }) => updatedWithoutStamp)).toEqual(
      unstamped.filter((table) => !NEVER_EDITED.has(table)),
    );
    const deleted = tablesWith((one) => one.deleted);
    expect(deleted).toEqual(expect.arrayContaining([...SAVED_AS_A_WHOLE, ...TAKEN_ALONG, ...DELETED]));
    // Never deleted in OpenDental.
    for (const table of ['patient', 'patientnote', 'procedurelog', 'procnote', 'rxnorm', 'userod']) {
      expect(deleted).not.toContain(table);
    }
  });

  test('enters dates of the past and of the future', async () => {
    await using database = await emptyDatabase(testServers().source);
    const { connection } = database;
    await buildClinic(connection, { seed: 9, patients: 200 });
    await dayAtTheClinic(connection, { seed: 9, day: 1, now: '2025-04-01 18:00:00' });
    const today = `SELECT COUNT(*) FROM ?? WHERE ?? >= '2025-04-01' AND ??`;
    for (const [table, stamp, date] of [
      ['adjustment', 'SecDateTEdit', 'AdjDate'],
      ['appointment', 'DateTStamp', 'AptDateTime'],
      ['claim', 'SecDateTEdit', 'DateReceived'],
    ]) {
      expect(await countOf(connection, `${today} < '2025-04-01'`, [table, stamp, date])).toBeGreaterThan(0);
    }
    expect(
      await countOf(connection, `${today} > '2025-04-01'`, ['appointment', 'DateTStamp', 'AptDateTime']),
    ).toBeGreaterThan(0);
  });
});

describe('a day by a given clock', () => {
  test('is the same to the last byte when played again, and another day is another', async () => {
    const now = '2025-04-01 18:00:00';
    await using one = await emptyDatabase(testServers().source);
    await using other = await emptyDatabase(testServers().source);
    for (const { connection } of [one, other]) {
      await buildClinic(connection, { seed: 5, patients: 60 });
      await dayAtTheClinic(connection, { seed: 5, day: 1, now });
    }
    expect(await checksums(one.connection)).toEqual(await checksums(other.connection));
    await dayAtTheClinic(one.connection, { seed: 5, day: 2, now: '2025-04-02 18:00:00' });
    await dayAtTheClinic(other.connection, { seed: 5, day: 3, now: '2025-04-02 18:00:00' });
    expect(await checksums(one.connection)).not.toEqual(await checksums(other.connection));
  });

  test('stamps within the hours before it, and gives the server its own clock back', async () => {
    await using database = await emptyDatabase(testServers().source);
    const { connection } = database;
    await buildClinic(connection, { seed: 5, patients: 60 });
    await dayAtTheClinic(connection, { seed: 5, day: 1, now: '2025-04-01 18:00:00' });
    expect(await countOf(connection, `SELECT COUNT(*) FROM patient WHERE DateTStamp > '2025-04-01 18:00:00'`)).toBe(0);
    expect(
      await countOf(connection, `SELECT COUNT(*) FROM patient WHERE DateTStamp > '2025-04-01 07:00:00'`),
    ).toBeGreaterThan(10);
    expect(await countOf(connection, `SELECT NOW() = SYSDATE() OR NOW() + INTERVAL 1 SECOND = SYSDATE()`)).toBe(1);
  });
});
