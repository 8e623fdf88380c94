import { createMysqlDatabase, createPostgresDatabase, onPoint, testServers } from '@tidemark/testkit';
import { openLoadTracking } from '@tidemark/tracking';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openLoadRoom, type LoadRoom } from './testing/load-room.ts';
import { createPatients, namesInRaw } from './testing/patient-table.ts';

let room: LoadRoom;

beforeAll(async () => {
  room = await openLoadRoom();
});

afterAll(async () => {
  await room[Symbol.asyncDispose]();
});

const DAY = 86_400;
const settings = { keepTombstonesSeconds: 30 * DAY };

/** Copied and loaded; then copy 2 deletes patient 2, so many days ago, which is loaded as well unless asked otherwise. */
async function createBuried(table: string, daysAgo: number, loads = true): Promise<void> {
  await createPatients(room, table);
  await room.load(table);
  await room.replica.exec(`DELETE FROM ${table} WHERE PatNum = 2`);
  await room.bury(table, 2, ['2']);
  await room.replica.exec(
    `UPDATE etl_tombstone SET deleted_at = deleted_at - INTERVAL ${daysAgo} DAY WHERE table_name = '${table}'`,
  );
  await room.copied(table, { sequence: 2, rows: 2 });
  if (loads) await room.load(table);
}

const kept = (table: string): Promise<unknown[]> =>
  room.replica.query('SELECT row_key FROM etl_tombstone WHERE table_name = ?', [table]);

async function prunedTo(table: string): Promise<unknown> {
  const [row] = await room.replica.query('SELECT tombstones_pruned_to AS n FROM etl_copy_status WHERE table_name = ?', [
    table,
  ]);
  return row?.['n'];
}

describe('a tombstone goes', () => {
  it('when it is loaded and old, and the record says so', async () => {
    await createBuried('old', 31);
    await room.load('old', { settings });
    expect(await kept('old')).toEqual([]);
    expect(await prunedTo('old')).toBe('2');
    await room.load('old', { settings });
    expect(await prunedTo('old')).toBe('2');
  });

  it('not while it is young, and not where all are to be kept', async () => {
    await createBuried('young', 29);
    await room.load('young', { settings });
    await room.replica.exec(`UPDATE etl_tombstone SET deleted_at = '2001-01-01' WHERE table_name = 'young'`);
    await room.load('young', { settings: { keepTombstonesSeconds: null } });
    expect(await kept('young')).toHaveLength(1);
    expect(await prunedTo('young')).toBeNull();
  });

  it('not before it is loaded, however old it is', async () => {
    await createBuried('not_yet', 400, false);
    expect((await room.load('not_yet', { settings })).counts).toMatchObject({ rowsDeleted: 1 });
    expect(await kept('not_yet')).toHaveLength(1);
    await room.load('not_yet', { settings });
    expect(await kept('not_yet')).toEqual([]);
  });

  it('of this table only, and of copies that are loaded only', async () => {
    await createBuried('one_table', 31);
    await createBuried('other_table', 31);
    await room.bury('one_table', 3, ['3']);
    await room.replica.exec(`UPDATE etl_tombstone SET deleted_at = '2001-01-01' WHERE table_name = 'one_table'`);
    await room.load('one_table', { settings });
    expect(await kept('one_table')).toEqual([{ row_key: '["3"]' }]);
    expect(await kept('other_table')).toHaveLength(1);
  });

  it('without waiting for the tombstones of a copy under way', async () => {
    await createBuried('beside', 31);
    await room.replica.exec(`
      START TRANSACTION;
      INSERT INTO etl_tombstone (table_name, copy_sequence, row_key) VALUES ('beside', 3, '["3"]')`);
    await room.load('beside', { settings });
    await room.replica.exec('COMMIT');
    expect(await kept('beside')).toEqual([{ row_key: '["3"]' }]);
  });
});

describe('a warehouse that comes after they are gone', () => {
  it('reads the whole table, and loses no delete', async () => {
    await createPatients(room, 'late');
    await using other = await createPostgresDatabase(testServers().warehouse);
    const tracking = await openLoadTracking(other.endpoint);
    await tracking.migrate();
    await room.load('late', { deps: { tracking } });
    await room.load('late');
    await room.replica.exec(`DELETE FROM late WHERE PatNum = 2`);
    await room.bury('late', 2, ['2']);
    await room.copied('late', { sequence: 2, rows: 2 });
    await room.load('late');
    await room.load('late', { settings: { keepTombstonesSeconds: 0 } });
    expect(await kept('late')).toEqual([]);

    const done = await room.load('late', { deps: { tracking } });
    expect(done.reason).toContain('Tombstones since the last load are no longer kept');
    expect(await other.query('SELECT "PatNum"::int AS key FROM raw.late ORDER BY 1')).toEqual([{ key: 1 }, { key: 3 }]);
    await room.copied('late', { sequence: 3, rows: 2 });
    expect((await room.load('late', { deps: { tracking } })).reason).toContain('Rows changed by the copies after 2');
    await tracking.close();
  });
});

it.for(['prune.tombstones-gone', 'prune.tombstones-committed'])(
  'ended at %s, tombstones and the record of them agree, and the next load goes on',
  async (point) => {
    const table = point.replaceAll(/\W/g, '_');
    await createBuried(table, 31);
    {
      using _fault = onPoint(point, table, 'fail');
      await expect(room.load(table, { settings })).rejects.toMatchObject({ code: 'INTERNAL' });
    }
    const isDone = point.endsWith('committed');
    expect(await kept(table)).toHaveLength(isDone ? 0 : 1);
    expect(await prunedTo(table)).toBe(isDone ? '2' : null);
    await room.load(table, { settings });
    expect(await kept(table)).toEqual([]);
    expect(await namesInRaw(room, table)).toEqual({ 1: 'Abel', 3: 'Cy' });
  },
);

describe('where they cannot be pruned they stay, and the load succeeds:', () => {
  it('a user who may only read the replica', async () => {
    await createBuried('read_only', 31);
    const { endpoint } = room.replica;
    const user = `reader_${Date.now()}`;
    await room.replica.exec(
      `CREATE USER '${user}'@'%' IDENTIFIED BY 'reader'; GRANT SELECT ON \`${endpoint.database}\`.* TO '${user}'@'%'`,
    );
    await room.load('read_only', { settings, deps: { replica: { ...endpoint, user, password: 'reader' } } });
    await room.replica.exec(`DROP USER '${user}'@'%'`);
    expect(await kept('read_only')).toHaveLength(1);
  });

  it('a replica that was not migrated yet', async () => {
    await using older = await openLoadRoom();
    await createPatients(older, 'patient');
    await older.load('patient');
    await older.bury('patient', 1, ['2']);
    await older.replica.exec(`
      ALTER TABLE etl_copy_status DROP COLUMN tombstones_pruned_to; UPDATE etl_tombstone SET deleted_at = '2001-01-01'`);
    expect((await older.load('patient', { settings })).status).toBe('success');
    expect(await older.replica.query('SELECT 1 FROM etl_tombstone')).toHaveLength(1);
  });

  it('a replica that Tidemark did not build', async () => {
    await using foreign = await createMysqlDatabase(testServers().replica);
    await foreign.exec('CREATE TABLE plain (id INT PRIMARY KEY); INSERT INTO plain VALUES (1)');
    const deps = { replica: foreign.endpoint };
    await room.load('plain', { settings, deps });
    expect((await room.load('plain', { settings, deps })).status).toBe('success');
  });
});
