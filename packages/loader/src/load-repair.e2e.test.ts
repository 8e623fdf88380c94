import { numbers, onPoint } from '@tidemark/testkit';
import { POINTS } from '@tidemark/tracking';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openLoadRoom, type LoadRoom } from './testing/load-room.ts';
import { createPatients, namesInRaw, versionsInRaw } from './testing/patient-table.ts';
import type { NamedRows } from './types.ts';

let room: LoadRoom;

beforeAll(async () => {
  room = await openLoadRoom();
});

afterAll(async () => {
  await room[Symbol.asyncDispose]();
});

/** Loaded, then damaged in raw: 1 is changed, 2 is gone, and it has a 9 that nobody copied. */
async function createDamaged(table: string, settings: { deletes?: 'remove' | 'flag' | 'ignore' } = {}): Promise<void> {
  await createPatients(room, table);
  await room.load(table, { settings });
  await room.warehouse.exec(
    `UPDATE raw."${table}" SET "LName" = 'Spoilt' WHERE "PatNum" = 1;
     DELETE FROM raw."${table}" WHERE "PatNum" = 2;
     INSERT INTO raw."${table}" ("PatNum", "LName", "Bal", "DateTStamp") VALUES (9, 'Stranger', 0, '2024-01-01')`,
  );
}

const named = (...keys: (string | number)[]): NamedRows => ({ keys: keys.map((key) => [String(key)]) });

const DAMAGE = named(1, 2, 9);
const WHOLE = { 1: 'Abel', 2: 'Béa', 3: 'Cy' };

describe('a repair', () => {
  it('brings the named rows right and no other, and moves no mark', async () => {
    await createDamaged('damaged');
    await room.warehouse.exec(`UPDATE raw.damaged SET "LName" = 'Not named' WHERE "PatNum" = 3`);
    const before = await room.state('damaged');
    const version = (await versionsInRaw(room, 'damaged'))['3'];
    const done = await room.load('damaged', { repair: DAMAGE });
    expect(done).toMatchObject({
      status: 'success',
      reason: 'A comparison found 3 rows that differ.',
      counts: { rowsRead: 2, rowsInserted: 1, rowsUpdated: 1, rowsDeleted: 1, rowsUnchanged: 0 },
    });
    expect(await namesInRaw(room, 'damaged')).toEqual({ ...WHOLE, 3: 'Not named' });
    expect((await versionsInRaw(room, 'damaged'))['3']).toBe(version);
    const after = await room.state('damaged');
    expect(after).toEqual({ ...before, lastSucceededAt: after?.lastSucceededAt });
    const [entry] = await room.tracking.history();
    expect(entry).toMatchObject({ plan: 'repair', status: 'success', counts: { rowsDeleted: 1 } });
  });

  it('run again changes nothing', async () => {
    await createDamaged('twice');
    await room.load('twice', { repair: DAMAGE });
    const versions = await versionsInRaw(room, 'twice');
    expect((await room.load('twice', { repair: DAMAGE })).counts).toMatchObject({
      rowsInserted: 0,
      rowsUpdated: 0,
      rowsDeleted: 0,
      rowsUnchanged: 2,
    });
    expect(await versionsInRaw(room, 'twice')).toEqual(versions);
  });

  it('does not pass over rows that were copied and not loaded yet', async () => {
    await createDamaged('behind');
    await room.replica.exec(`
      UPDATE behind SET LName = 'Copied', _tidemark_seq = 2 WHERE PatNum = 1;
      INSERT INTO behind (PatNum, LName, Bal, DateTStamp, _tidemark_seq) VALUES (4, 'New', 0, '2024-01-01', 2);
      DELETE FROM behind WHERE PatNum = 3`);
    await room.bury('behind', 2, ['3']);
    await room.copied('behind', { sequence: 2, rows: 3, watermarks: { DateTStamp: '2030-01-01 00:00:00' } });
    const before = await room.state('behind');
    await room.load('behind', { repair: named(1) });
    expect(await namesInRaw(room, 'behind')).toEqual({ 1: 'Copied', 3: 'Cy', 9: 'Stranger' });
    expect(await room.state('behind')).toMatchObject({ copySequence: '1', watermarks: before?.watermarks });
    await room.load('behind');
    expect(await namesInRaw(room, 'behind')).toEqual({ 1: 'Copied', 4: 'New', 9: 'Stranger' });
  });

  it('of more keys than one statement names, each as often as it likes', async () => {
    await createPatients(room, 'many');
    await room.replica.exec(
      `INSERT INTO many (PatNum, LName, Bal, DateTStamp, _tidemark_seq) SELECT seq, seq, 0, '2024-01-01', 1 FROM ${numbers(4, 2_500)}`,
    );
    await room.copied('many', { sequence: 1, rows: 2_500 });
    await room.load('many');
    await room.warehouse.exec(
      `UPDATE raw.many SET "LName" = '-' WHERE "PatNum" > 3; DELETE FROM raw.many WHERE "PatNum" > 2000`,
    );
    const keys = Array.from({ length: 5_000 }, (_, index) => (index % 2_500) + 1);
    expect((await room.load('many', { repair: named(...keys) })).counts).toMatchObject({
      rowsRead: 2_500,
      rowsUpdated: 1_997,
      rowsInserted: 500,
    });
    expect(await room.state('many')).toMatchObject({ rows: 2_500 });
    expect((await namesInRaw(room, 'many'))['2500']).toBe('2500');
  });

  it('flags rows that the replica lacks, and takes the mark from one that it has', async () => {
    const settings = { deletes: 'flag' } as const;
    await createDamaged('marked', settings);
    await room.warehouse.exec(`UPDATE raw.marked SET _tidemark_deleted_at = now() WHERE "PatNum" = 3`);
    await room.load('marked', { settings, repair: named(1, 2, 3, 9) });
    expect(await room.rawRows('marked', '"PatNum"::int AS key, _tidemark_deleted_at IS NOT NULL AS gone')).toEqual([
      { key: 1, gone: false },
      { key: 2, gone: false },
      { key: 3, gone: false },
      { key: 9, gone: true },
    ]);
  });

  it('keeps rows that the replica lacks with deletes: ignore', async () => {
    await createDamaged('kept_repair', { deletes: 'ignore' });
    await room.load('kept_repair', { settings: { deletes: 'ignore' }, repair: DAMAGE });
    expect(await namesInRaw(room, 'kept_repair')).toEqual({ ...WHOLE, 9: 'Stranger' });
    expect(await room.state('kept_repair')).toMatchObject({ rows: 4 });
  });

  it('finds keys of every kind', async () => {
    await room.replica.exec(`
      CREATE TABLE kinds (
        a BIGINT UNSIGNED NOT NULL, b VARCHAR(20) NOT NULL, c VARBINARY(8) NOT NULL, d DATE NOT NULL, e DATETIME(3) NOT NULL,
        f TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, g DECIMAL(6,2) NOT NULL, h ENUM('x','y''s') NOT NULL, i BIT(1) NOT NULL,
        j BIT(5) NOT NULL, k TIME NOT NULL, l FLOAT NOT NULL, m SET('p','q','r') NOT NULL, v INT NOT NULL,
        _tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE,
        PRIMARY KEY (a, b, c, d, e, f, g, h, i, j, k, l, m), KEY (_tidemark_seq)) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin;
      INSERT INTO kinds (a, b, c, d, e, f, g, h, i, j, k, l, m, v, _tidemark_seq) VALUES
        (18446744073709551615, 'a"\\\\\\t🦷\\0b', X'00ff22', '2024-02-29', '2024-01-01 01:02:03.456', '2024-01-01 01:02:03',
         -1.50, 'y''s', b'1', b'10101', '-25:00:00', 0.1, 'p,r', 1, 1)`);
    await room.copied('kinds', { sequence: 1, rows: 1 });
    await room.load('kinds');
    const key = ['18446744073709551615', 'a"\\\t🦷\0b', '00FF22', '2024-02-29', '2024-01-01 01:02:03.456'];
    key.push('2024-01-01 01:02:03', '-1.50', '2', '1', '21', '-25:00:00', '0.10000000149011612', '5');
    await room.warehouse.exec('UPDATE raw.kinds SET v = 7');
    expect((await room.load('kinds', { repair: { keys: [key] } })).counts).toMatchObject({ rowsUpdated: 1 });
    // Another row, so that the table is not taken for one that was emptied.
    await room.replica.exec(`
      INSERT INTO kinds SELECT 1, b, c, d, e, f, g, h, i, j, k, l, m, v FROM kinds; DELETE FROM kinds WHERE a > 1`);
    expect((await room.load('kinds', { repair: { keys: [key] } })).counts).toMatchObject({ rowsDeleted: 1 });
    expect(await room.rawRows('kinds', 'v')).toEqual([]);
  });

  it('brings a row once that two of the keys name by the collation of the replica', async () => {
    await room.replica.exec(`
      CREATE TABLE alike (k VARCHAR(10) NOT NULL PRIMARY KEY, v INT NOT NULL,
        _tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE, KEY (_tidemark_seq)) COLLATE utf8mb4_general_ci;
      INSERT INTO alike (k, v, _tidemark_seq) VALUES ('A', 1, 1), ('b', 1, 1)`);
    await room.copied('alike', { sequence: 1, rows: 2 });
    await room.load('alike');
    await room.warehouse.exec(`UPDATE raw.alike SET k = 'a' WHERE k = 'A'`);
    // In two statements, as a comparison of many rows names them.
    const between = Array.from({ length: 600 }, (_, index) => [`n${index}`]);
    const done = await room.load('alike', { repair: { keys: [['A'], ...between, ['a']] } });
    expect(done.counts).toMatchObject({ rowsRead: 1, rowsInserted: 1, rowsDeleted: 1 });
    expect(await room.rawRows('alike', 'k')).toEqual([{ k: 'A' }, { k: 'b' }]);
  });
});

describe('is refused', () => {
  const refused = (table: string): object => ({
    code: 'TABLE_NOT_READY',
    hint: `Run \`tidemark run ${table}\`: it loads the table whole.`,
  });

  it('for a table that was not copied, and for one that was not loaded', async () => {
    await expect(room.load('nowhere', { repair: DAMAGE })).rejects.toMatchObject(refused('nowhere'));
    await createPatients(room, 'not_loaded');
    await expect(room.load('not_loaded', { repair: DAMAGE })).rejects.toMatchObject(refused('not_loaded'));
  });

  it.for([
    ['replica', 'a column that is new', 'ALTER TABLE refused_0 ADD COLUMN Fee INT NOT NULL DEFAULT 7'],
    [
      'replica',
      'a record that was made anew',
      `UPDATE etl_copy_status SET id = id + 1000 WHERE table_name = 'refused_1'`,
    ],
    ['warehouse', 'a column that raw lost', 'ALTER TABLE raw.refused_2 DROP COLUMN "LName"'],
    ['warehouse', 'a raw table that was emptied', 'TRUNCATE raw.refused_3'],
    ['warehouse', 'a raw table that was dropped', 'DROP TABLE raw.refused_4'],
  ] as const)('in the %s, for %s, and the next load brings everything', async ([where, , sql]) => {
    const table = /refused_\d/.exec(sql)?.[0] ?? '';
    await createPatients(room, table);
    await room.load(table);
    await room[where].exec(sql);
    await expect(room.load(table, { repair: DAMAGE })).rejects.toMatchObject(refused(table));
    expect((await room.load(table)).reason).not.toContain('nothing');
    expect(await namesInRaw(room, table)).toEqual(WHOLE);
  });

  it('from an emptied replica table', async () => {
    await createDamaged('emptied_replica');
    await room.replica.exec('TRUNCATE TABLE emptied_replica');
    await expect(room.load('emptied_replica', { repair: DAMAGE })).rejects.toMatchObject({ code: 'COUNTS_DISAGREE' });
    expect(await namesInRaw(room, 'emptied_replica')).toMatchObject({ 1: 'Spoilt', 9: 'Stranger' });
  });

  it('to delete more than the cap', async () => {
    await createPatients(room, 'capped');
    await room.load('capped');
    await room.warehouse.exec(
      `INSERT INTO raw.capped ("PatNum", "LName", "Bal", "DateTStamp") SELECT n, 'x', 0, '2024-01-01' FROM generate_series(100, 1100) n`,
    );
    const repair = named(...Array.from({ length: 1_001 }, (_, index) => index + 100));
    await expect(room.load('capped', { repair })).rejects.toMatchObject({ code: 'DELETE_CAP' });
    expect((await room.load('capped', { repair, allowDeletes: true })).counts).toMatchObject({ rowsDeleted: 1_001 });
  });
});

it('a repair that fails at any of its points moves nothing, and succeeds when it is run again', async () => {
  const table = 'failing_repair';
  await createDamaged(table);
  const visited: string[] = [];
  {
    using watching = new DisposableStack();
    for (const point of POINTS) watching.use(onPoint(point, table, () => void visited.push(point)));
    using _fault = onPoint('load.before-commit', table, 'fail');
    await expect(room.load(table, { repair: DAMAGE })).rejects.toMatchObject({ code: 'INTERNAL' });
  }
  const before = { ...(await room.state(table)), consecutiveFailures: 0 };
  const names = await namesInRaw(room, table);
  const points = visited.filter((point) => !/failure|interruption/.test(point));
  expect(points).toEqual(
    expect.arrayContaining(['load.locked', 'load.run-recorded', 'load.staged', 'load.deleted', 'load.tracked']),
  );
  for (const point of points) {
    using _fault = onPoint(point, table, 'fail');
    await expect(room.load(table, { repair: DAMAGE })).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await namesInRaw(room, table)).toEqual(names);
    expect({ ...(await room.state(table)), consecutiveFailures: 0 }).toEqual(before);
  }
  await room.load(table, { repair: DAMAGE });
  expect(await namesInRaw(room, table)).toEqual(WHOLE);
});
