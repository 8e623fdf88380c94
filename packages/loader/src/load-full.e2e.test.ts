import { setTimeout as sleep } from 'node:timers/promises';

import { onPoint } from '@tidemark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openLoadRoom, type LoadRoom } from './testing/load-room.ts';
import { createPatients, namesInRaw, versionsInRaw } from './testing/patient-table.ts';

let room: LoadRoom;

beforeAll(async () => {
  room = await openLoadRoom();
});

afterAll(async () => {
  await room[Symbol.asyncDispose]();
});

async function createNumbers(table: string, rows: number): Promise<void> {
  await room.replica.exec(`
    CREATE TABLE ${table} (id INT NOT NULL PRIMARY KEY, v INT NOT NULL,
      _tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE, KEY (_tidemark_seq));
    INSERT INTO ${table} (id, v, _tidemark_seq)
    WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
    SELECT a.i + 1000 * (b.i - 1), a.i, 1 FROM n AS a JOIN n AS b ON b.i <= ${rows / 1000}`);
  await room.copied(table, { sequence: 1, rows });
}

describe('a full refresh', () => {
  it('makes raw what the replica is, under a view and under readers who never see it otherwise', async () => {
    await createNumbers('watched', 20_000);
    await room.load('watched');
    await room.warehouse.exec(
      `CREATE VIEW public.stg_watched AS SELECT count(*) AS n, sum(v) AS total FROM raw.watched`,
    );
    await room.replica.exec(`
      UPDATE watched SET v = v + 1;
      DELETE FROM watched WHERE id <= 500;
      INSERT INTO watched (id, v, _tidemark_seq) VALUES (900001, 0, 1)`);
    await room.copied('watched', { sequence: 1, rows: 19_501 });

    const seen = new Set<string>();
    const stop = new AbortController();
    const reader = (async () => {
      while (!stop.signal.aborted) {
        const [row] = await room.warehouse.query<{ n: string; total: string }>('SELECT n, total FROM stg_watched');
        seen.add(`${row?.n} ${row?.total}`);
      }
    })();
    // Every state in which the transaction may be caught lasts long enough to be seen.
    using _staged = onPoint('load.staged', 'watched', () => sleep(50));
    using _merged = onPoint('load.merged', 'watched', () => sleep(50));
    const result = await room.load('watched', { fullRefresh: true });
    await sleep(50);
    stop.abort();
    await reader;

    expect(result).toMatchObject({
      strategy: 'full_table',
      reason: 'A full refresh was asked for.',
      counts: { rowsRead: 19_501, rowsInserted: 1, rowsUpdated: 19_500, rowsDeleted: 500, rowsUnchanged: 0 },
    });
    const [now] = await room.replica.query<{ n: string; total: string }>(
      'SELECT COUNT(*) AS n, SUM(v) AS total FROM watched',
    );
    expect([...seen]).toEqual(['20000 10010000', `${now?.n} ${now?.total}`]);
    expect(await room.state('watched')).toMatchObject({ rows: 19_501 });
  });

  it('does not write rows that are as they were', async () => {
    await createPatients(room, 'still');
    await room.load('still');
    const before = await versionsInRaw(room, 'still');
    await room.replica.exec(`UPDATE still SET Bal = 7 WHERE PatNum = 1`);
    expect((await room.load('still', { fullRefresh: true })).counts).toMatchObject({
      rowsUpdated: 1,
      rowsUnchanged: 2,
    });
    const after = await versionsInRaw(room, 'still');
    expect([after['2'], after['3']]).toEqual([before['2'], before['3']]);
  });

  it('asks before it deletes more than the cap', async () => {
    await createNumbers('shrunk', 5_000);
    await room.load('shrunk');
    await room.replica.exec('DELETE FROM shrunk WHERE id > 3900');
    await expect(room.load('shrunk', { fullRefresh: true })).rejects.toMatchObject({
      code: 'DELETE_CAP',
      table: 'shrunk',
    });
    expect(await room.state('shrunk')).toMatchObject({ status: 'failed', rows: 5_000, lastError: 'DELETE_CAP' });
    expect(await room.rawRows('shrunk', 'count(*)::int AS n')).toEqual([{ n: 5_000 }]);
    const result = await room.load('shrunk', { fullRefresh: true, allowDeletes: true });
    expect(result.counts).toMatchObject({ rowsDeleted: 1_100 });
    expect(await room.state('shrunk')).toMatchObject({ status: 'success', rows: 3_900, lastError: null });
  });

  it('does not empty raw because the replica lost its rows', async () => {
    await createPatients(room, 'lost');
    await room.load('lost');
    await room.replica.exec('DELETE FROM lost');
    await expect(room.load('lost', { fullRefresh: true })).rejects.toMatchObject({ code: 'COUNTS_DISAGREE' });
    expect(Object.keys(await namesInRaw(room, 'lost'))).toHaveLength(3);
  });
});

describe('everything is read again', () => {
  it.for([
    ['raw was emptied', 'emptied', 'TRUNCATE raw.emptied', 'The raw table was emptied.'],
    ['raw was dropped', 'dropped', 'DROP TABLE raw.dropped', 'The raw table is gone.'],
    [
      'a column of raw was dropped',
      'narrowed',
      'ALTER TABLE raw.narrowed DROP COLUMN "LName"',
      'Columns or key changed since the last load.',
    ],
  ] as const)('when %s behind our back', async ([, table, sql, reason]) => {
    await createPatients(room, table);
    await room.load(table);
    await room.warehouse.exec(sql);
    const result = await room.load(table);
    expect(result).toMatchObject({ strategy: 'full_table', reason, counts: { rowsRead: 3 } });
    expect(await namesInRaw(room, table)).toEqual({ 1: 'Abel', 2: 'Béa', 3: 'Cy' });
    expect(await room.state(table)).toMatchObject({ rows: 3 });
  });

  it('when the replica has a new column, whose old rows carry old sequences', async () => {
    await createPatients(room, 'grown');
    await room.load('grown');
    await room.replica.exec(`ALTER TABLE grown ADD COLUMN Mobile VARCHAR(20) NOT NULL DEFAULT 'none' AFTER PatNum`);
    await room.replica.exec(`UPDATE grown SET Mobile = '555', _tidemark_seq = 2 WHERE PatNum = 1`);
    await room.copied('grown', { sequence: 2, rows: 3 });
    expect(await room.load('grown')).toMatchObject({ strategy: 'full_table', counts: { rowsUpdated: 3 } });
    expect(await room.rawRows('grown', '"PatNum"::int AS key, "Mobile"')).toEqual([
      { key: 1, Mobile: '555' },
      { key: 2, Mobile: 'none' },
      { key: 3, Mobile: 'none' },
    ]);
  });

  it('when the replica was rebuilt, which left no tombstones', async () => {
    await createPatients(room, 'rebuilt');
    await room.load('rebuilt');
    await room.replica.exec(`DELETE FROM rebuilt WHERE PatNum = 1; UPDATE rebuilt SET _tidemark_seq = 2`);
    await room.copied('rebuilt', { sequence: 2, rows: 2 });
    expect(await room.load('rebuilt')).toMatchObject({
      reason: 'Every row of the replica was copied anew since the last load.',
      counts: { rowsRead: 2, rowsDeleted: 1 },
    });
    expect(await namesInRaw(room, 'rebuilt')).toEqual({ 2: 'Béa', 3: 'Cy' });
  });

  it('when the copy sequence went back', async () => {
    await createPatients(room, 'restored');
    await room.copied('restored', { sequence: 9, rows: 3 });
    await room.load('restored');
    await room.replica.exec(`DELETE FROM restored WHERE PatNum = 1`);
    await room.copied('restored', { sequence: 4, rows: 2 });
    expect(await room.load('restored')).toMatchObject({
      reason: 'The copy sequence went back: the replica was rebuilt.',
      counts: { rowsDeleted: 1 },
    });
    expect(await room.state('restored')).toMatchObject({ copySequence: '4', rows: 2 });
  });
});
