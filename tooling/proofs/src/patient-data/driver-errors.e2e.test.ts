import { classifyDriverError } from '@tidemark/errors';
import { CANARY } from '@tidemark/sample-clinic';
import { createMysqlDatabase, createPostgresDatabase, testServers, type TestDatabase } from '@tidemark/testkit';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { leaksIn, MARKED } from './canaries.ts';
import { everythingIn } from './everything-in.ts';

const TEXT = `${CANARY.text} Smith`;
const KEY = CANARY.firstKey;

let mysql: TestDatabase;
let postgres: TestDatabase;

beforeAll(async () => {
  const servers = testServers();
  mysql = await createMysqlDatabase(servers.replica);
  await mysql.exec(`
    SET SESSION sql_mode = 'STRICT_ALL_TABLES';
    CREATE TABLE patient (Id bigint PRIMARY KEY, Name varchar(30) UNIQUE, Note text CHECK (Note <> 'x'), Number int,
      Born date, Word enum('a')) DEFAULT CHARSET utf8mb4;
    INSERT INTO patient (Id, Name) VALUES (${KEY}, '${TEXT}')`);
  postgres = await createPostgresDatabase(servers.warehouse);
  await postgres.exec(`
    CREATE TYPE word AS ENUM ('a');
    CREATE DOMAIN short AS text CHECK (length(VALUE) < 3);
    CREATE TABLE patient (id bigint PRIMARY KEY, name text UNIQUE, note text CHECK (note <> 'x'), number int NOT NULL,
      born date, word word, brief short, data jsonb, mother bigint REFERENCES patient (id));
    INSERT INTO patient (id, name, number) VALUES (${KEY}, '${TEXT}', 1)`);
});

afterAll(async () => {
  await mysql[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
});

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('The server refused nothing.');
}

// classify-driver-error.ts: codes only
function expectQuotedAndNotTold(error: unknown, where: string): void {
  expect(leaksIn(everythingIn(error))).not.toEqual([]);
  expect(leaksIn(everythingIn(classifyDriverError(error, where, 'patient')))).toEqual([]);
}

describe('MySQL quotes a value, and the error that is told does not', () => {
  test.each([
    ['duplicate number', `INSERT INTO patient (Id) VALUES (${KEY})`],
    ['duplicate text', `INSERT INTO patient (Id, Name) VALUES (1, '${TEXT}')`],
    ['number', `INSERT INTO patient (Id, Number) VALUES (1, '${TEXT}')`],
    ['date', `INSERT INTO patient (Id, Born) VALUES (1, '${TEXT}')`],
    ['encoding', `INSERT INTO patient (Id, Note) VALUES (1, UNHEX(CONCAT('FF', HEX('${TEXT}'))))`],
    ['cast', `UPDATE patient SET Number = CAST('${TEXT}' AS SIGNED)`],
    ['range of an expression', `SELECT CAST(${KEY} AS UNSIGNED) - CAST(${KEY}1 AS UNSIGNED)`],
    ['out of range', `INSERT INTO patient (Id, Number) VALUES (1, ${KEY})`],
    ['too long', `INSERT INTO patient (Id, Name) VALUES (1, REPEAT('${TEXT}', 9))`],
    ['CHECK', `INSERT INTO patient (Id, Note, Name) VALUES (1, 'x', '${TEXT} 2')`],
    ['enumeration', `INSERT INTO patient (Id, Word) VALUES (1, '${TEXT}')`],
    ['syntax', `SELECT * FROM patient WHERE Name = ''${TEXT}'`],
    ['column', `SELECT * FROM patient WHERE \`${TEXT}\` = 1`],
    ['table', `SELECT * FROM \`${TEXT}\``],
    ['kill', `KILL ${KEY}`],
  ])('%s', async (_, sql) => {
    expectQuotedAndNotTold(await thrownBy(mysql.query(sql)), 'replica');
  });

  test('parameters', async () => {
    const work = mysql.query('INSERT INTO patient (Id, Name, Born) VALUES (?, ?, ?)', [KEY, TEXT, MARKED.born]);
    expectQuotedAndNotTold(await thrownBy(work), 'replica');
  });

  test('user, password and database', async () => {
    const { host, port } = mysql.endpoint;
    for (const account of [{ user: CANARY.text }, { ...mysql.endpoint, database: CANARY.text }]) {
      expectQuotedAndNotTold(await thrownBy(createConnection({ ...account, host, port })), 'source');
    }
  });
});

describe('PostgreSQL quotes a value, and the error that is told does not', () => {
  test.each([
    ['duplicate number', `INSERT INTO patient (id, number) VALUES (${KEY}, 1)`],
    ['duplicate text', `INSERT INTO patient (id, name, number) VALUES (1, '${TEXT}', 1)`],
    ['number', `INSERT INTO patient (id) VALUES ('${TEXT}')`],
    ['out of range', `INSERT INTO patient (id, number) VALUES (1, ('${KEY}' || '')::int)`],
    ['date', `INSERT INTO patient (id, born) VALUES (1, '${TEXT}')`],
    ['CHECK', `INSERT INTO patient (id, name, note, number) VALUES (1, '${TEXT} 2', 'x', 1)`],
    ['NOT NULL', `INSERT INTO patient (id, note) VALUES (1, '${TEXT}')`],
    ['foreign key', `INSERT INTO patient (id, number, mother) VALUES (1, 1, ${KEY}1)`],
    ['enumeration', `INSERT INTO patient (id, word) VALUES (1, '${TEXT}')`],
    ['domain', `INSERT INTO patient (id, number, brief) VALUES (1, 1, 'x'), (${KEY}1, NULL, 'y')`],
    ['JSON', `INSERT INTO patient (id, data) VALUES (1, '{"name": ${TEXT}')`],
    ['RAISE', `DO $$ BEGIN RAISE EXCEPTION 'x' USING DETAIL = '${TEXT}', HINT = '${TEXT}'; END $$`],
    [
      'index',
      `CREATE TEMP TABLE t AS SELECT '${TEXT}' AS name FROM generate_series(1, 2); CREATE UNIQUE INDEX ON t (name)`,
    ],
    ['syntax', `SELECT '${TEXT}' '${TEXT}'`],
    ['column', `SELECT "${TEXT}" FROM patient`],
    ['table', `SELECT * FROM "${TEXT}"`],
    ['setting', `SET statement_timeout = '${TEXT}'`],
  ])('%s', async (_, sql) => {
    expectQuotedAndNotTold(await thrownBy(postgres.query(sql)), 'warehouse');
  });

  test.each([
    ['a value of the wrong type', `1\t\\N\t${TEXT}\n`],
    ['a column too many', `1\t\\N\t1\t${TEXT}\n`],
    ['a duplicate', `${KEY}\t${TEXT}\t1\n`],
  ])('COPY: %s', async (_, rows) => {
    const client = new Client({ ...postgres.endpoint });
    await client.connect();
    try {
      const copy = client.query(copyFrom('COPY patient (id, name, number) FROM STDIN'));
      const work = new Promise((resolve, reject) => {
        copy.on('error', reject).on('finish', resolve);
        copy.end(rows);
      });
      expectQuotedAndNotTold(await thrownBy(work), 'warehouse');
    } finally {
      await client.end();
    }
  });

  test('user and database', async () => {
    for (const account of [{ user: CANARY.text }, { database: CANARY.text }]) {
      const client = new Client({ ...postgres.endpoint, ...account });
      expectQuotedAndNotTold(await thrownBy(client.connect()), 'warehouse');
    }
  });
});
