import { pauseAt } from '@tidemark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openLoadRoom, type LoadRoom } from './testing/load-room.ts';
import { createPatients, namesInRaw, versionsInRaw } from './testing/patient-table.ts';

let room: LoadRoom;

beforeAll(async () => {
  room = await openLoadRoom();
  await room.warehouse.exec("SET TIME ZONE 'UTC'");
});

afterAll(async () => {
  await room[Symbol.asyncDispose]();
});

const SEQUENCE = '_tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE, KEY (_tidemark_seq)';

async function typesInRaw(table: string): Promise<Record<string, string>> {
  const rows = await room.warehouse.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
      WHERE attrelid = 'raw.${table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
  );
  return Object.fromEntries(rows.map(({ name, type }) => [name, type]));
}

describe('a raw table of an older pipeline', () => {
  it('is taken over: its types and extra columns stay, its rows become those of the replica', async () => {
    await room.replica.exec(`
      CREATE TABLE adopted (PatNum BIGINT NOT NULL PRIMARY KEY, LName VARCHAR(100) NOT NULL, IsHidden TINYINT(1) NOT NULL,
        Bal DOUBLE NOT NULL, DateTStamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, ${SEQUENCE});
      INSERT INTO adopted (PatNum, LName, IsHidden, Bal, DateTStamp, _tidemark_seq) VALUES
        (1, 'Abel', 0, 1.5, '2024-01-01 00:00:00', 1), (2, 'Béa', 1, 2, '2024-01-02 00:00:00', 1)`);
    await room.copied('adopted', { sequence: 1, rows: 2 });
    await room.warehouse.exec(`
      CREATE TABLE raw.adopted ("PatNum" integer, "LName" varchar(100), "IsHidden" boolean, "Bal" double precision,
        "DateTStamp" timestamp, _loaded_by text DEFAULT 'python');
      CREATE VIEW public.stg_adopted AS SELECT "LName", "IsHidden" FROM raw.adopted;
      INSERT INTO raw.adopted VALUES
        (1, 'Abel', false, 1.5, '2024-01-01 00:00:00'), (2, 'Bea', true, 2, '2024-01-02 00:00:00'),
        (3, 'Phantom', false, 0, NULL)`);
    expect(await room.load('adopted')).toMatchObject({
      reason: 'First load of this table.',
      counts: { rowsRead: 2, rowsInserted: 0, rowsUpdated: 1, rowsDeleted: 1, rowsUnchanged: 1 },
    });
    expect(await typesInRaw('adopted')).toEqual({
      PatNum: 'bigint',
      LName: 'character varying(100)',
      IsHidden: 'boolean',
      Bal: 'double precision',
      DateTStamp: 'timestamp without time zone',
      _loaded_by: 'text',
    });
    expect(await room.rawRows('adopted')).toEqual([
      {
        PatNum: '1',
        LName: 'Abel',
        IsHidden: false,
        Bal: 1.5,
        DateTStamp: '2024-01-01 00:00:00',
        _loaded_by: 'python',
      },
      { PatNum: '2', LName: 'Béa', IsHidden: true, Bal: 2, DateTStamp: '2024-01-02 00:00:00', _loaded_by: 'python' },
    ]);
    expect(await room.state('adopted')).toMatchObject({ rows: 2 });
  });

  it('stops when it holds a key twice, and says so', async () => {
    await createPatients(room, 'doubled');
    await room.warehouse.exec(`
      CREATE TABLE raw.doubled ("PatNum" bigint, "LName" text, "Bal" double precision, "DateTStamp" timestamptz);
      INSERT INTO raw.doubled VALUES (1, 'a', 0, NULL), (1, 'b', 0, NULL)`);
    await expect(room.load('doubled')).rejects.toMatchObject({
      code: 'DUPLICATE_KEY',
      hint: expect.stringContaining('TRUNCATE "raw"."doubled"'),
    });
    await room.warehouse.exec('TRUNCATE raw.doubled');
    expect((await room.load('doubled')).counts).toMatchObject({ rowsInserted: 3 });
    await room.warehouse.exec(`INSERT INTO raw.doubled VALUES (7, 'phantom', 0, NULL)`);
    await expect(room.warehouse.exec(`INSERT INTO raw.doubled VALUES (1, 'twin', 0, NULL)`)).rejects.toThrow(/unique/);
  });

  it.for([
    ['a view', 'a_view', 'CREATE VIEW raw.a_view AS SELECT 1 AS "PatNum"'],
    [
      'a column that values do not fit into',
      'unfit',
      'CREATE TABLE raw.unfit ("PatNum" bigint PRIMARY KEY, "LName" bytea, "Bal" float8, "DateTStamp" timestamptz)',
    ],
    [
      'a primary key on other columns',
      'other_key',
      'CREATE TABLE raw.other_key ("PatNum" bigint, "LName" text PRIMARY KEY, "Bal" float8, "DateTStamp" timestamptz)',
    ],
    [
      'a column that is computed',
      'computed',
      'CREATE TABLE raw.computed ("PatNum" bigint PRIMARY KEY, "LName" text GENERATED ALWAYS AS (\'x\') STORED, "Bal" float8, "DateTStamp" timestamptz)',
    ],
  ] as const)('stops at %s', async ([, table, sql]) => {
    await createPatients(room, table);
    await room.warehouse.exec(sql);
    await expect(room.load(table)).rejects.toMatchObject({ code: 'SCHEMA_INCOMPATIBLE', table });
    expect(await room.state(table)).toMatchObject({ status: 'failed', lastError: 'SCHEMA_INCOMPATIBLE' });
  });
});

describe('a replica column that became wider', () => {
  it('widens raw and is read again', async () => {
    await room.replica.exec(`
      CREATE TABLE wider (id INT NOT NULL PRIMARY KEY, a SMALLINT NOT NULL, b DATE NOT NULL, c DECIMAL(6,2), d TINYINT NOT NULL,
        ${SEQUENCE});
      INSERT INTO wider (id, a, b, c, d, _tidemark_seq) VALUES (1, 1, '2024-01-01', 1.25, 1, 1), (2, 2, '2024-01-02', 2, 2, 1)`);
    await room.copied('wider', { sequence: 1, rows: 2 });
    await room.load('wider');
    await room.replica.exec(`
      ALTER TABLE wider MODIFY a BIGINT NOT NULL, MODIFY b DATETIME NULL, MODIFY c DECIMAL(10,4), MODIFY d FLOAT NULL;
      UPDATE wider SET a = 5000000000, b = NULL, c = 1.2345, d = NULL, _tidemark_seq = 2 WHERE id = 1`);
    await room.copied('wider', { sequence: 2, rows: 2 });
    expect(await room.load('wider')).toMatchObject({
      reason: 'Columns or key changed since the last load.',
      counts: { rowsUpdated: 1, rowsUnchanged: 1 },
    });
    expect(await typesInRaw('wider')).toEqual({
      id: 'integer',
      a: 'bigint',
      b: 'timestamp without time zone',
      c: 'numeric(10,4)',
      d: 'real',
    });
    expect(await room.rawRows('wider')).toEqual([
      { id: 1, a: '5000000000', b: null, c: '1.2345', d: null },
      { id: 2, a: '2', b: '2024-01-02 00:00:00', c: '2.0000', d: 2 },
    ]);
  });

  it('stops under views that read it, naming them', async () => {
    await room.replica.exec(`
      CREATE TABLE viewed (id INT NOT NULL PRIMARY KEY, a SMALLINT NOT NULL, b SMALLINT NOT NULL, ${SEQUENCE});
      INSERT INTO viewed (id, a, b, _tidemark_seq) VALUES (1, 1, 1, 1)`);
    await room.copied('viewed', { sequence: 1, rows: 1 });
    await room.load('viewed');
    await room.warehouse.exec(`
      CREATE VIEW public.stg_viewed AS SELECT a FROM raw.viewed;
      CREATE VIEW public.stg_other AS SELECT b FROM raw.viewed`);
    await room.replica.exec('ALTER TABLE viewed MODIFY a INT NOT NULL; UPDATE viewed SET _tidemark_seq = 2');
    await room.copied('viewed', { sequence: 2, rows: 1 });
    await expect(room.load('viewed')).rejects.toMatchObject({
      code: 'SCHEMA_INCOMPATIBLE',
      message: 'warehouse: column a must go from smallint to integer, and views read it: public.stg_viewed',
    });
    await room.warehouse.exec('DROP VIEW public.stg_viewed');
    expect(await room.load('viewed')).toMatchObject({ status: 'success' });
    expect(await room.warehouse.query('SELECT b FROM stg_other')).toEqual([{ b: 1 }]);
  });
});

describe('a column that the replica no longer has', () => {
  it('stays in raw as it was, and new rows leave it empty', async () => {
    await createPatients(room, 'dropped_column');
    await room.load('dropped_column');
    await room.replica.exec(`
      ALTER TABLE dropped_column DROP COLUMN Bal;
      INSERT INTO dropped_column (PatNum, LName, _tidemark_seq) VALUES (4, 'Di', 2)`);
    await room.copied('dropped_column', { sequence: 2, rows: 4 });
    await room.load('dropped_column');
    expect(await room.rawRows('dropped_column', '"PatNum"::int AS key, "Bal" AS bal')).toEqual([
      { key: 1, bal: 0 },
      { key: 2, bal: 1.5 },
      { key: 3, bal: -2 },
      { key: 4, bal: null },
    ]);
  });
});

describe('two loads of two tables', () => {
  it('share the connections of the pool without meeting each other in the staging tables', async () => {
    await createPatients(room, 'left');
    await createPatients(room, 'right');
    await Promise.all([room.load('left'), room.load('right')]);
    await room.replica.exec(`UPDATE left_ SET _tidemark_seq = 2`.replace('left_', '`left`'));
    await room.replica.exec(`UPDATE \`right\` SET LName = 'R', _tidemark_seq = 2`);
    await room.copied('left', { sequence: 2, rows: 3 });
    await room.copied('right', { sequence: 2, rows: 3 });
    const before = await versionsInRaw(room, 'left');
    using pause = pauseAt('load.staged', 'left');
    const left = room.load('left', { fullRefresh: true });
    await pause.reached;
    await room.load('right', { fullRefresh: true });
    pause.release();
    await left;
    expect(await versionsInRaw(room, 'left')).toEqual(before);
    expect(await namesInRaw(room, 'right')).toEqual({ 1: 'R', 2: 'R', 3: 'R' });
  });
});
