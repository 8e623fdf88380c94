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
    'it holds some keys more than once: remove the duplicates, or `TRUNCATE "raw"."visit"`',
  ]);
});

test('a view in place of the table is told', async () => {
  await room.warehouse.exec('DROP TABLE raw.visit CASCADE; CREATE VIEW raw.visit AS SELECT 1 AS "Num"');
  const [table] = await describeTables(replica, ['visit']);
  if (!table) throw new Error('The table is gone.');
  const { obstacles } = await surveyRaw(session.client, { schema: 'raw', table, key: ['Num'], replica });
  expect(obstacles).toEqual([
    'raw.visit is a view or another relation that is not a table. Drop or rename it: the load writes a table of this name.',
  ]);
  await room.warehouse.exec('DROP VIEW raw.visit');
});

/** Runs what an obstacle says in backquotes, and looks again. */
async function mend(obstacles: readonly string[]): Promise<RawSurvey> {
  await room.warehouse.exec(obstacles.flatMap((text) => /`(.*)`/.exec(text)?.[1] ?? []).join(';'));
  return look();
}

async function look(): Promise<RawSurvey> {
  const [table] = await describeTables(replica, ['visit']);
  if (!table) throw new Error('The table is gone.');
  return surveyRaw(session.client, { schema: 'raw', table, key: ['Num'], replica });
}

const KEYLESS = USUAL.replace(' PRIMARY KEY', '');

test.each([
  ['filled', `INSERT INTO raw.visit ("Num", "Note") VALUES (1, 'a'), (2, 'b')`],
  ['empty', ''],
])('of a %s table a primary key on other columns is told with what drops it', async (state, fill) => {
  const { obstacles } = await survey(`${KEYLESS}, PRIMARY KEY ("Note")`, fill);
  expect(obstacles).toEqual([
    'its primary key is (Note), and rows are written by (Num): `ALTER TABLE "raw"."visit" DROP CONSTRAINT "visit_pkey"`',
  ]);
  expect(await mend(obstacles)).toMatchObject({
    state,
    changes: ['column Note may be NULL', 'a unique index on (Num) is added'],
    obstacles: [],
  });
});

test('a primary key that can refuse nothing stays', async () => {
  expect((await survey(`id bigserial PRIMARY KEY, ${KEYLESS}`)).obstacles).toEqual([]);
  expect((await survey(`${KEYLESS}, PRIMARY KEY ("Num", "Kind")`)).obstacles).toEqual([]);
});

test('columns in another spelling are told with what renames them, and none is added beside them', async () => {
  const found = await survey(
    'num bigint PRIMARY KEY, kind smallint, "Hidden" smallint, note text, "DateTStamp" timestamptz, "Note" text',
    `INSERT INTO raw.visit (num) VALUES (1), (2)`,
  );
  expect(found).toMatchObject({ changes: [], keeps: [] });
  expect(found.obstacles).toEqual([expect.stringContaining('RENAME COLUMN "num" TO "Num"')]);
  expect(found.obstacles[0]).not.toContain('"note"');
  expect(await mend(found.obstacles)).toEqual({ state: 'filled', ...NOTHING });
});

test('rows without the columns of the key are told', async () => {
  const { obstacles } = await survey('"Note" text', `INSERT INTO raw.visit VALUES ('a'), ('b')`);
  expect(obstacles).toEqual(['it lacks Num of the key, so its rows match none: `TRUNCATE "raw"."visit"`']);
  expect(await mend(obstacles)).toMatchObject({ state: 'empty', obstacles: [] });
});

test('rows with NULL for a key are no twins', async () => {
  const fill = `INSERT INTO raw.visit ("Num") VALUES (NULL), (NULL), (1)`;
  expect((await survey(KEYLESS, fill)).obstacles).toEqual([]);
});

/** Roles belong to the whole server. */
function surveyor(): string {
  return `surveyor_of_${room.warehouse.endpoint.database}`;
}

test.each([
  ['cannot read', 'TRIGGER', KEYLESS, 'may not read and write it'],
  ['can only read', 'SELECT', USUAL, 'may not read and write it'],
  ['can write and not change', 'ALL', KEYLESS, 'may not change its structure'],
])('a table that the user %s is told, with what mends it', async (_, right, ddl, lack) => {
  const role = surveyor();
  await survey(
    ddl,
    `INSERT INTO raw.visit ("Num") VALUES (1); CREATE ROLE ${role}; GRANT ${right} ON raw.visit TO ${role}`,
  );
  await session.client.query(`GRANT USAGE, CREATE ON SCHEMA raw TO ${role}; SET ROLE ${role}`);
  await using _role = {
    [Symbol.asyncDispose]: async () => {
      await session.client.query('RESET ROLE');
      await room.warehouse.exec(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
    },
  };
  const { obstacles } = await look();
  expect(obstacles).toEqual([`${role} ${lack}: \`ALTER TABLE "raw"."visit" OWNER TO ${role}\``]);
  expect((await mend(obstacles)).obstacles).toEqual([]);
});

test('a table whose row level security hides rows is told, with what opens it', async () => {
  const role = surveyor();
  await survey(
    USUAL,
    `INSERT INTO raw.visit ("Num") VALUES (1); CREATE ROLE ${role}; GRANT ALL ON raw.visit TO ${role};
     ALTER TABLE raw.visit ENABLE ROW LEVEL SECURITY`,
  );
  await session.client.query(`GRANT USAGE ON SCHEMA raw TO ${role}; SET ROLE ${role}`);
  const { obstacles } = await look();
  expect(obstacles).toEqual([
    expect.stringContaining(`CREATE POLICY tidemark ON "raw"."visit" TO "${role}" USING (true);`),
  ]);
  await room.warehouse.exec(`CREATE POLICY tidemark ON raw.visit TO ${role} USING (true)`);
  expect((await look()).obstacles).toEqual([]);
  await session.client.query('RESET ROLE');
  await room.warehouse.exec(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
});

test('a table that the user can write and that needs no change is taken as it is', async () => {
  const role = surveyor();
  await survey(
    USUAL,
    `INSERT INTO raw.visit ("Num") VALUES (1); CREATE ROLE ${role}; GRANT ALL ON raw.visit TO ${role}`,
  );
  await session.client.query(`GRANT USAGE ON SCHEMA raw TO ${role}; SET ROLE ${role}`);
  expect((await look()).obstacles).toEqual([]);
  await session.client.query('RESET ROLE');
  await room.warehouse.exec(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
});
