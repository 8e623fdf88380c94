import { describeTables, openMysqlSession, type MysqlSession } from '@tidemark/mysql';
import type { LoadSession } from '@tidemark/tracking';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { listRaw, surveyRaw, type RawSurvey } from './survey-raw.ts';
import { openLoadRoom, type LoadRoom } from './testing/load-room.ts';

let room: LoadRoom;
let replica: MysqlSession;
let session: LoadSession;

beforeAll(async () => {
  room = await openLoadRoom();
  replica = await openMysqlSession(room.replica.endpoint, { where: 'replica' });
  session = await room.tracking.openSession();
  await room.warehouse.exec("SET TIME ZONE 'UTC'");
  await room.replica.exec(`
    CREATE TABLE visit (Num BIGINT NOT NULL PRIMARY KEY, Kind TINYINT(1) NOT NULL, Hidden TINYINT(1) NOT NULL,
      Note VARCHAR(50), DateTStamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)`);
  const rows = Array.from(
    { length: 50 },
    (_, index) => `(${index + 1}, 1, 0, 'n', '2024-0${(index % 9) + 1}-10 12:00:00')`,
  );
  await room.replica.exec(`INSERT INTO visit VALUES ${rows.join(',')}`);
});

afterAll(async () => {
  await session.release();
  await replica.close();
  await room[Symbol.asyncDispose]();
});

async function survey(ddl: string, fill = ''): Promise<RawSurvey> {
  await room.warehouse.exec(`DROP TABLE IF EXISTS raw.visit CASCADE; CREATE TABLE raw.visit (${ddl}); ${fill}`);
  const [table] = await describeTables(replica, ['visit']);
  if (!table) throw new Error('The table is gone.');
  return surveyRaw(session.client, { schema: 'raw', table, key: ['Num'], replica });
}

const USUAL = '"Num" bigint PRIMARY KEY, "Kind" smallint, "Hidden" smallint, "Note" text, "DateTStamp" timestamptz';
const OLDER =
  '"Num" bigint PRIMARY KEY, "Kind" boolean, "Hidden" boolean, "Note" varchar(50), "DateTStamp" timestamp, _by text';
const NOTHING = { keeps: [], changes: [], obstacles: [] };

function rowsAt(zone: string): string {
  return `INSERT INTO raw.visit SELECT n, true, false, 'n',
    (('2024-0' || ((n - 1) % 9) + 1 || '-10 12:00:00+00')::timestamptz AT TIME ZONE '${zone}') FROM generate_series(1, 50) AS n`;
}

test('of a table that is as Tidemark would make it there is nothing to say', async () => {
  expect(await survey(USUAL)).toEqual({ state: 'empty', ...NOTHING });
  const [table] = await describeTables(replica, ['visit']);
  if (!table) throw new Error('The table is gone.');
  const absent = { ...table, name: 'elsewhere' };
  expect(await surveyRaw(session.client, { schema: 'raw', table: absent, key: ['Num'], replica })).toEqual({
    state: 'absent',
    ...NOTHING,
  });
  expect(await listRaw(session.client, 'raw')).toContain('visit');
});

test('types of another tool are kept where every value fits', async () => {
  expect(await survey(OLDER, rowsAt('UTC'))).toEqual({
    state: 'filled',
    keeps: [
      { column: 'Kind', type: 'boolean', usual: 'smallint' },
      { column: 'Hidden', type: 'boolean', usual: 'smallint' },
      { column: 'Note', type: 'character varying(50)', usual: 'text' },
      { column: 'DateTStamp', type: 'timestamp without time zone', usual: 'timestamp with time zone' },
    ],
    changes: [],
    obstacles: [],
  });
});

test('the practice’s wall clock in place of an instant is told, in summer and winter', async () => {
  const { changes } = await survey(OLDER, rowsAt('America/Chicago'));
  expect(changes).toEqual(['column DateTStamp holds a wall clock: its times are written in UTC']);
  // A few stale rows are no habit.
  const stale = `UPDATE raw.visit SET "DateTStamp" = "DateTStamp" - interval '6 hours' WHERE "Num" < 10`;
  expect((await survey(OLDER, `${rowsAt('UTC')}; ${stale}`)).changes).toEqual([]);
});

test('a flag that has a third value must be changed first', async () => {
  await room.replica.exec('UPDATE visit SET Kind = 2 WHERE Num = 7');
  expect((await survey(OLDER, rowsAt('UTC'))).obstacles).toEqual([
    'column Kind is boolean in raw and has other values than 0 and 1: it must become smallint',
  ]);
  await room.replica.exec('UPDATE visit SET Kind = 1 WHERE Num = 7');
});

test('what is added and widened is told, and what stands in its way', async () => {
  expect(await survey('"Num" integer, "Kind" smallint, "Hidden" smallint, "Note" varchar(20) NOT NULL')).toEqual({
    state: 'empty',
    keeps: [],
    changes: [
      'column DateTStamp is added',
      'column Num goes from integer to bigint',
      'column Note goes from character varying(20) to text',
      'column Note may be NULL',
      'a unique index on (Num) is added',
    ],
    obstacles: [],
  });
  const { obstacles } = await survey(
    '"Num" integer, "Kind" smallint, "Hidden" smallint, "Note" text, "DateTStamp" bytea',
    `INSERT INTO raw.visit VALUES (1), (1); CREATE VIEW public.stg_visit AS SELECT "Num" FROM raw.visit`,
  );
  expect(obstacles).toEqual([
    'column DateTStamp is bytea in raw, and timestamp needs timestamp with time zone',
    'column Num must go from integer to bigint, and views read it: stg_visit',
    'it holds some keys more than once',
  ]);
});

test('a view in place of the table is told', async () => {
  await room.warehouse.exec('DROP TABLE raw.visit CASCADE; CREATE VIEW raw.visit AS SELECT 1 AS "Num"');
  const [table] = await describeTables(replica, ['visit']);
  if (!table) throw new Error('The table is gone.');
  const { obstacles } = await surveyRaw(session.client, { schema: 'raw', table, key: ['Num'], replica });
  expect(obstacles).toHaveLength(1);
  await room.warehouse.exec('DROP VIEW raw.visit');
});
