import { openMysqlSession } from '@tidemark/mysql';
import { onPoint } from '@tidemark/testkit';
import type { ProgressEvent } from '@tidemark/tracking';
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

describe('a first load', () => {
  it('creates the raw table with its key and records what the copy hop had recorded', async () => {
    await createPatients(room, 'first');
    const result = await room.load('first');
    expect(result).toMatchObject({
      table: 'first',
      hop: 'load',
      status: 'success',
      strategy: 'full_table',
      reason: 'First load of this table.',
      counts: { rowsRead: 3, rowsInserted: 3, rowsUpdated: 0, rowsDeleted: 0, rowsUnchanged: 0 },
      changes: { zeroDates: 0, nulStripped: 0, outOfRange: 0 },
    });
    expect(await namesInRaw(room, 'first')).toEqual({ 1: 'Abel', 2: 'Béa', 3: 'Cy' });
    expect(await room.state('first')).toMatchObject({
      status: 'success',
      rows: 3,
      copySequence: '1',
      watermarks: { DateTStamp: '2024-01-03 00:00:00' },
      highestKey: '7',
      sourceAsOf: '2026-07-28 12:00:00.123456',
    });
    const columns = await room.warehouse.query(
      `SELECT attname AS name, attnotnull AS required FROM pg_attribute
        WHERE attrelid = 'raw.first'::regclass AND attnum > 0 ORDER BY attnum`,
    );
    expect(columns).toEqual([
      { name: 'PatNum', required: true },
      { name: 'LName', required: true },
      { name: 'Bal', required: true },
      { name: 'DateTStamp', required: false },
    ]);
    const keys = await room.warehouse.query(
      `SELECT pg_get_constraintdef(oid) AS key FROM pg_constraint WHERE conrelid = 'raw.first'::regclass AND contype = 'p'`,
    );
    expect(keys).toEqual([{ key: 'PRIMARY KEY ("PatNum")' }]);
  });

  it('tells how it goes, and the points are reached in order', async () => {
    await createPatients(room, 'told');
    const events: ProgressEvent[] = [];
    const reached: string[] = [];
    const points = ['load.locked', 'load.raw-table-ready', 'load.run-recorded', 'load.staged', 'load.merged'];
    const subscriptions = points.map((point) => onPoint(point, 'told', () => void reached.push(point)));
    await room.load('told', { deps: { onProgress: (event) => events.push(event) } });
    for (const subscription of subscriptions) subscription[Symbol.dispose]();
    expect(events[0]).toMatchObject({ type: 'started', hop: 'load', table: 'told', plan: 'full' });
    expect(reached).toEqual(points);
  });

  it('records an empty table', async () => {
    await createPatients(room, 'nobody');
    await room.replica.exec('DELETE FROM nobody');
    await room.copied('nobody', { sequence: 1, rows: 0 });
    expect(await room.load('nobody')).toMatchObject({ status: 'success', counts: { rowsRead: 0, rowsInserted: 0 } });
    expect(await room.state('nobody')).toMatchObject({ status: 'success', rows: 0, copySequence: '1' });

    await room.replica.exec(`INSERT INTO nobody (PatNum, LName, Bal, _tidemark_seq) VALUES (8, 'Di', 0, 2)`);
    await room.copied('nobody', { sequence: 2, rows: 1 });
    expect(await room.load('nobody')).toMatchObject({ counts: { rowsRead: 1, rowsInserted: 1 } });
    expect(await room.state('nobody')).toMatchObject({ rows: 1 });
  });
});

describe('a table that cannot be loaded yet', () => {
  it.for([
    ['is missing in the replica', 'no_such_table', null],
    ['has no record of a copy', 'no_record', null],
    ['has a record of a copy that never succeeded', 'never', { sequence: null }],
    ['is being copied from scratch', 'scratch', { sequence: 1, resume: '{"after":["2"]}' }],
  ] as const)('is skipped when it %s', async ([, table, record]) => {
    if (table !== 'no_such_table') await createPatients(room, table);
    await room.replica.query('DELETE FROM etl_copy_status WHERE table_name = ?', [table]);
    if (record) await room.copied(table, record);
    if (record?.sequence === null)
      await room.replica.exec(`UPDATE etl_copy_status SET strategy = NULL WHERE table_name = '${table}'`);
    const result = await room.load(table);
    expect(result).toMatchObject({ status: 'skipped', strategy: null, counts: { rowsRead: 0 } });
    expect(result.reason).toMatch(/^Not copied yet/);
    expect(await room.state(table)).toBeNull();
  });
});

describe('a later load', () => {
  it('reads only what copies changed since, however old its stamps are', async () => {
    await createPatients(room, 'later');
    await room.load('later');
    const before = await versionsInRaw(room, 'later');
    // Reached the replica late: its stamp lies far behind the watermark.
    await room.replica.exec(`
      UPDATE later SET LName = 'Bea', _tidemark_seq = 2 WHERE PatNum = 2;
      INSERT INTO later (PatNum, LName, Bal, DateTStamp, _tidemark_seq) VALUES (4, 'Late', 0, '1999-01-01 00:00:00', 2)`);
    await room.copied('later', { sequence: 2, rows: 4, sourceAsOf: '2026-07-29 12:00:00.000000' });
    const result = await room.load('later');
    expect(result).toMatchObject({
      strategy: 'incremental',
      reason: 'Rows changed by the copies after 1, up to 2.',
      counts: { rowsRead: 2, rowsInserted: 1, rowsUpdated: 1, rowsDeleted: 0, rowsUnchanged: 0 },
    });
    expect(await namesInRaw(room, 'later')).toEqual({ 1: 'Abel', 2: 'Bea', 3: 'Cy', 4: 'Late' });
    const after = await versionsInRaw(room, 'later');
    expect([after['1'], after['3']]).toEqual([before['1'], before['3']]);
    expect(after['2']).not.toBe(before['2']);
    expect(await room.state('later')).toMatchObject({
      rows: 4,
      copySequence: '2',
      sourceAsOf: '2026-07-29 12:00:00.000000',
    });
  });

  it('does not read rows of a copy that is not recorded', async () => {
    await createPatients(room, 'ahead');
    await room.load('ahead');
    await room.replica.exec(`UPDATE ahead SET LName = 'X', _tidemark_seq = IF(PatNum = 1, 2, 3) WHERE PatNum < 3`);
    await room.copied('ahead', { sequence: 2, rows: 3 });
    expect((await room.load('ahead')).counts).toMatchObject({ rowsRead: 1, rowsUpdated: 1 });
    await room.copied('ahead', { sequence: 3, rows: 3 });
    expect((await room.load('ahead')).counts).toMatchObject({ rowsRead: 1, rowsUpdated: 1 });
  });

  it('is a success when nothing changed, and as fresh as the copy', async () => {
    await createPatients(room, 'quiet');
    await room.load('quiet');
    const before = await versionsInRaw(room, 'quiet');
    const [first] = await room.warehouse.query(
      `SELECT last_loaded FROM raw.etl_load_status WHERE table_name = 'quiet'`,
    );
    await room.copied('quiet', { sequence: 1, rows: 3, sourceAsOf: '2026-07-30 00:00:00.000000' });
    const result = await room.load('quiet');
    expect(result).toMatchObject({ status: 'success', strategy: 'incremental', counts: { rowsRead: 0 } });
    expect(await versionsInRaw(room, 'quiet')).toEqual(before);
    expect(await room.state('quiet')).toMatchObject({ rows: 3, sourceAsOf: '2026-07-30 00:00:00.000000' });
    const [second] = await room.warehouse.query(
      `SELECT last_loaded FROM raw.etl_load_status WHERE table_name = 'quiet'`,
    );
    expect(second).not.toEqual(first);
  });

  it('changes nothing when the same rows come again', async () => {
    await createPatients(room, 'again');
    await room.load('again');
    const before = await versionsInRaw(room, 'again');
    const result = await room.load('again', { fullRefresh: true });
    expect(result.counts).toMatchObject({ rowsRead: 3, rowsInserted: 0, rowsUpdated: 0, rowsUnchanged: 3 });
    expect(await versionsInRaw(room, 'again')).toEqual(before);
  });

  it('merges a table that has only key columns', async () => {
    await room.replica.exec(`
      CREATE TABLE pairs (a INT NOT NULL, b VARCHAR(10) NOT NULL, _tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE,
        PRIMARY KEY (a, b), KEY (_tidemark_seq));
      INSERT INTO pairs (a, b, _tidemark_seq) VALUES (1, 'x', 1), (1, 'y', 1)`);
    await room.copied('pairs', { sequence: 1, rows: 2 });
    await room.load('pairs');
    await room.replica.exec(`INSERT INTO pairs (a, b, _tidemark_seq) VALUES (2, 'x', 2)`);
    await room.replica.exec(`UPDATE pairs SET _tidemark_seq = 2 WHERE b = 'y'`);
    await room.copied('pairs', { sequence: 2, rows: 3 });
    expect((await room.load('pairs')).counts).toMatchObject({
      rowsRead: 2,
      rowsInserted: 1,
      rowsUpdated: 0,
      rowsUnchanged: 1,
    });
  });

  it('tells 0 from -0, and 24 hours from a day', async () => {
    await room.replica.exec(`
      CREATE TABLE close_values (id INT NOT NULL PRIMARY KEY, t TIME NOT NULL, d DOUBLE NOT NULL,
        _tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE, KEY (_tidemark_seq));
      INSERT INTO close_values (id, t, d, _tidemark_seq) VALUES (1, '24:00:00', 0, 1), (2, '24:00:00', 0, 1)`);
    await room.copied('close_values', { sequence: 1, rows: 2 });
    await room.load('close_values');
    await room.warehouse.exec(`
      UPDATE raw.close_values SET t = '1 day' WHERE id = 1;
      UPDATE raw.close_values SET d = '-0' WHERE id = 2`);
    expect((await room.load('close_values', { fullRefresh: true })).counts).toMatchObject({ rowsUpdated: 2 });
    expect(await room.rawRows('close_values', 'id, t::text, d::text')).toEqual([
      { id: 1, t: '24:00:00', d: '0' },
      { id: 2, t: '24:00:00', d: '0' },
    ]);
  });

  it('loads text of 16 MB', async () => {
    await room.replica.exec(`
      CREATE TABLE document (DocNum BIGINT NOT NULL PRIMARY KEY, RawBase64 MEDIUMTEXT NOT NULL,
        _tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE, KEY (_tidemark_seq)) DEFAULT CHARSET utf8mb4;
      INSERT INTO document (DocNum, RawBase64, _tidemark_seq) VALUES (1, REPEAT('ab\\\\\\n', 4194303), 1), (2, '', 1)`);
    await room.copied('document', { sequence: 1, rows: 2 });
    await room.load('document');
    const [there] = await room.replica.query<{ digest: string }>(
      'SELECT SHA2(RawBase64, 256) AS digest FROM document WHERE DocNum = 1',
    );
    const digest = `encode(sha256(convert_to("RawBase64", 'UTF8')), 'hex') AS digest`;
    expect(await room.rawRows('document', `"DocNum"::text, ${digest}, length("RawBase64")`)).toEqual([
      { DocNum: '1', digest: there?.digest, length: 16_777_212 },
      { DocNum: '2', digest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', length: 0 },
    ]);
  });

  it('counts what was changed on the way', async () => {
    await room.replica.exec(`
      CREATE TABLE changed (id INT NOT NULL PRIMARY KEY, d DATE NOT NULL, s VARCHAR(10) NOT NULL,
        _tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE, KEY (_tidemark_seq));
      INSERT INTO changed (id, d, s, _tidemark_seq) VALUES
        (1, '0000-00-00', 'a\\0b', 1), (2, '2023-02-30', '', 1), (3, '0001-01-01', '\\0', 1)`);
    await room.copied('changed', { sequence: 1, rows: 3 });
    const result = await room.load('changed');
    expect(result.changes).toEqual({ zeroDates: 1, nulStripped: 2, outOfRange: 1 });
    const [entry] = await room.tracking.history({ table: 'changed' });
    expect(entry?.changes).toEqual({ zeroDates: 1, nulStripped: 2, outOfRange: 1 });
  });

  it('reads rows and the record of the copy in one snapshot', async () => {
    await createPatients(room, 'moving');
    // The next copy commits after the load has begun: it belongs to the next load as a whole.
    using subscription = onPoint('load.raw-table-ready', 'moving', async () => {
      const copy = await openMysqlSession(room.replica.endpoint, { where: 'replica' });
      await copy.execute(`UPDATE moving SET LName = 'New', _tidemark_seq = 2 WHERE PatNum = 1`);
      await copy.execute(`UPDATE etl_copy_status SET copy_sequence = 2 WHERE table_name = 'moving'`);
      await copy.close();
    });
    await room.load('moving');
    expect(subscription.visits()).toBe(1);
    expect(await namesInRaw(room, 'moving')).toMatchObject({ 1: 'Abel' });
    expect(await room.state('moving')).toMatchObject({ copySequence: '1' });
    subscription[Symbol.dispose]();
    await room.load('moving');
    expect(await namesInRaw(room, 'moving')).toMatchObject({ 1: 'New' });
  });
});
