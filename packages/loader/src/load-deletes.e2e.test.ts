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

/** Deletes patient 2 from the replica as copy 2 does. */
async function deleteSecond(table: string): Promise<void> {
  await room.replica.exec(`DELETE FROM ${table} WHERE PatNum = 2`);
  await room.bury(table, 2, ['2']);
  await room.copied(table, { sequence: 2, rows: 2 });
}

describe('tombstones', () => {
  it('remove their rows, once', async () => {
    await createPatients(room, 'gone');
    await room.load('gone');
    await deleteSecond('gone');
    expect((await room.load('gone')).counts).toMatchObject({ rowsRead: 0, rowsDeleted: 1 });
    expect(await namesInRaw(room, 'gone')).toEqual({ 1: 'Abel', 3: 'Cy' });
    expect(await room.state('gone')).toMatchObject({ rows: 2, copySequence: '2' });

    await room.copied('gone', { sequence: 3, rows: 2 });
    expect((await room.load('gone')).counts).toMatchObject({ rowsDeleted: 0 });
    expect(await room.state('gone')).toMatchObject({ rows: 2 });
  });

  it('of other tables, of loaded copies and of copies to come are left alone', async () => {
    await createPatients(room, 'mine');
    await createPatients(room, 'theirs');
    await room.bury('mine', 1, ['1']);
    await room.load('mine');
    await room.bury('theirs', 2, ['2']);
    await room.bury('mine', 3, ['3']);
    await room.replica.exec(`UPDATE mine SET LName = 'X', _tidemark_seq = 2 WHERE PatNum = 2`);
    await room.copied('mine', { sequence: 2, rows: 3 });
    expect((await room.load('mine')).counts).toMatchObject({ rowsDeleted: 0, rowsUpdated: 1 });
    expect(await namesInRaw(room, 'mine')).toEqual({ 1: 'Abel', 2: 'X', 3: 'Cy' });
  });

  it('do not remove a row that came back', async () => {
    await createPatients(room, 'back');
    await room.load('back');
    const before = await versionsInRaw(room, 'back');
    await room.bury('back', 2, ['1']);
    await room.bury('back', 2, ['2']);
    // The one as it was, the other as somebody else.
    await room.replica.exec(`
      UPDATE back SET _tidemark_seq = 3 WHERE PatNum = 1;
      UPDATE back SET LName = 'Other', _tidemark_seq = 3 WHERE PatNum = 2`);
    await room.copied('back', { sequence: 3, rows: 3 });
    expect((await room.load('back')).counts).toMatchObject({ rowsDeleted: 0, rowsUpdated: 1, rowsUnchanged: 1 });
    expect(await namesInRaw(room, 'back')).toEqual({ 1: 'Abel', 2: 'Other', 3: 'Cy' });
    expect((await versionsInRaw(room, 'back'))['1']).toBe(before['1']);
  });

  it('find keys of every kind', async () => {
    await room.replica.exec(`
      CREATE TABLE composite (
        a BIGINT UNSIGNED NOT NULL, b CHAR(8) NOT NULL, c VARBINARY(8) NOT NULL, d DATE NOT NULL, e DATETIME(3) NOT NULL,
        f TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, g DECIMAL(6,2) NOT NULL, h ENUM('x','y') NOT NULL, i BIT(1) NOT NULL,
        j BIT(5) NOT NULL, k TIME NOT NULL, l FLOAT NOT NULL, m TINYINT(1) NOT NULL, v INT NOT NULL,
        _tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE,
        PRIMARY KEY (a, b, c, d, e, f, g, h, i, j, k, l, m), KEY (_tidemark_seq)) DEFAULT CHARSET utf8mb4;
      INSERT INTO composite (a, b, c, d, e, f, g, h, i, j, k, l, m, v, _tidemark_seq) VALUES
        (18446744073709551615, 'a"\\\\\\t🦷', X'00ff22', '2024-02-29', '2024-01-01 01:02:03.456', '2024-01-01 01:02:03',
         -1.50, 'y', b'1', b'10101', '-25:00:00', 0.1, 9, 1, 1),
        (18446744073709551615, 'a"\\\\\\t🦷', X'00ff23', '2024-02-29', '2024-01-01 01:02:03.456', '2024-01-01 01:02:03',
         -1.50, 'y', b'1', b'10101', '-25:00:00', 0.1, 9, 2, 1)`);
    await room.copied('composite', { sequence: 1, rows: 2 });
    await room.load('composite');
    await room.replica.exec(`
      INSERT INTO etl_tombstone (table_name, copy_sequence, row_key)
      SELECT 'composite', 2, JSON_ARRAY(CAST(a AS CHAR), CAST(b AS CHAR), HEX(c), CAST(d AS CHAR), CAST(e AS CHAR),
             CAST(f AS CHAR), CAST(g AS CHAR), CAST(h AS CHAR), CAST(i + 0 AS CHAR), CAST(j + 0 AS CHAR), CAST(k AS CHAR),
             CAST(l + 0e0 AS CHAR), CAST(m AS CHAR)) FROM composite WHERE v = 1;
      DELETE FROM composite WHERE v = 1`);
    await room.copied('composite', { sequence: 2, rows: 1 });
    expect((await room.load('composite')).counts).toMatchObject({ rowsDeleted: 1 });
    expect(await room.rawRows('composite', 'v')).toEqual([{ v: 2 }]);
  });

  it('find a text key whose NUL was stripped on its way to raw', async () => {
    await room.replica.exec(`
      CREATE TABLE nul_keys (k VARCHAR(10) NOT NULL PRIMARY KEY, _tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE,
        KEY (_tidemark_seq));
      INSERT INTO nul_keys (k, _tidemark_seq) VALUES ('a\\0b', 1), ('c', 1)`);
    await room.copied('nul_keys', { sequence: 1, rows: 2 });
    await room.load('nul_keys');
    await room.replica.exec(`DELETE FROM nul_keys WHERE k <> 'c'`);
    await room.bury('nul_keys', 2, ['a\0b']);
    await room.copied('nul_keys', { sequence: 2, rows: 1 });
    await room.load('nul_keys');
    expect(await room.rawRows('nul_keys')).toEqual([{ k: 'c' }]);
  });
});

describe('deletes: ignore', () => {
  it('keeps rows that are gone, whichever way it reads', async () => {
    await createPatients(room, 'kept');
    await room.load('kept');
    await deleteSecond('kept');
    const settings = { deletes: 'ignore' } as const;
    expect((await room.load('kept', { settings })).counts).toMatchObject({ rowsDeleted: 0 });
    expect((await room.load('kept', { settings, fullRefresh: true })).counts).toMatchObject({ rowsDeleted: 0 });
    expect(await namesInRaw(room, 'kept')).toEqual({ 1: 'Abel', 2: 'Béa', 3: 'Cy' });
    expect(await room.state('kept')).toMatchObject({ rows: 3 });
  });
});

describe('deletes: flag', () => {
  const settings = { deletes: 'flag' } as const;
  const marked = (table: string): Promise<unknown> =>
    room.rawRows(table, '"PatNum"::int AS key, _tidemark_deleted_at IS NOT NULL AS gone');

  it('marks a row that is gone, and takes the mark away when it comes back', async () => {
    await createPatients(room, 'flagged');
    await room.load('flagged', { settings });
    await deleteSecond('flagged');
    expect((await room.load('flagged', { settings })).counts).toMatchObject({ rowsDeleted: 1 });
    const gone = [
      { key: 1, gone: false },
      { key: 2, gone: true },
      { key: 3, gone: false },
    ];
    expect(await marked('flagged')).toEqual(gone);
    expect(await room.state('flagged')).toMatchObject({ rows: 3 });

    expect((await room.load('flagged', { settings, fullRefresh: true })).counts).toMatchObject({
      rowsDeleted: 0,
      rowsUpdated: 0,
    });
    expect(await marked('flagged')).toEqual(gone);

    await room.replica.exec(`
      INSERT INTO flagged (PatNum, LName, Bal, DateTStamp, _tidemark_seq) VALUES (2, 'Béa', 1.5, '2024-01-02 00:00:00', 3)`);
    await room.copied('flagged', { sequence: 3, rows: 3 });
    expect((await room.load('flagged', { settings })).counts).toMatchObject({ rowsUpdated: 1, rowsInserted: 0 });
    expect(await marked('flagged')).toEqual(gone.map(({ key }) => ({ key, gone: false })));
  });

  it('is found by a full read too, and added to a table that was loaded without it', async () => {
    await createPatients(room, 'flagged_late');
    await room.load('flagged_late');
    await room.replica.exec('DELETE FROM flagged_late WHERE PatNum = 3');
    await room.load('flagged_late', { settings, fullRefresh: true });
    expect(await marked('flagged_late')).toEqual([
      { key: 1, gone: false },
      { key: 2, gone: false },
      { key: 3, gone: true },
    ]);
  });
});
