import { TidemarkError } from '@tidemark/errors';
import { onPoint, pauseAt, tcpProxy, testServers } from '@tidemark/testkit';
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

/** Loaded once, with a change and a delete of copy 2 waiting. */
async function createChanged(table: string): Promise<void> {
  await createPatients(room, table);
  await room.load(table);
  await room.replica.exec(`
    UPDATE ${table} SET LName = 'Changed', _tidemark_seq = 2 WHERE PatNum = 1;
    DELETE FROM ${table} WHERE PatNum = 2`);
  await room.bury(table, 2, ['2']);
  await room.copied(table, { sequence: 2, rows: 2, watermarks: { DateTStamp: '2025-01-01 00:00:00' } });
}

async function caught(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('It did not fail.');
}

describe('a failure', () => {
  it.for([
    'load.raw-table-ready',
    'load.run-recorded',
    'load.staged',
    'load.merged',
    'load.tracked',
    'load.before-commit',
  ])('at %s moves nothing, and the next load does it all', async (point) => {
    const table = point.replaceAll(/\W/g, '_');
    await createChanged(table);
    const state = await room.state(table);
    {
      using _fault = onPoint(point, table, 'fail');
      expect(await caught(room.load(table))).toBeInstanceOf(TidemarkError);
    }
    expect(await namesInRaw(room, table)).toEqual({ 1: 'Abel', 2: 'Béa', 3: 'Cy' });
    expect(await room.state(table)).toEqual({
      ...state,
      status: 'failed',
      lastError: 'INTERNAL',
      consecutiveFailures: 1,
    });
    const [entry] = await room.tracking.history({ table });
    expect(entry).toMatchObject({ status: 'failed', errorCode: 'INTERNAL' });
    expect((await room.load(table)).counts).toMatchObject({ rowsUpdated: 1, rowsDeleted: 1 });
    expect(await namesInRaw(room, table)).toEqual({ 1: 'Changed', 3: 'Cy' });
  });

  it('of a first load leaves no table', async () => {
    await createPatients(room, 'unborn');
    {
      using _fault = onPoint('load.before-commit', 'unborn', 'fail');
      await expect(room.load('unborn')).rejects.toBeInstanceOf(TidemarkError);
    }
    expect(await room.warehouse.query(`SELECT to_regclass('raw.unborn')::text AS found`)).toEqual([{ found: null }]);
    expect(await room.state('unborn')).toMatchObject({ succeeded: false, status: 'failed' });
    expect((await room.load('unborn')).counts).toMatchObject({ rowsInserted: 3 });
  });

  it('of the replica in the middle of the rows is recorded, and nothing is lost', async () => {
    await room.replica.exec(`
      CREATE TABLE cut (id INT NOT NULL PRIMARY KEY, t TEXT NOT NULL, _tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE,
        KEY (_tidemark_seq));
      INSERT INTO cut (id, t, _tidemark_seq)
      WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
      SELECT i, REPEAT('x', 10000), 1 FROM n`);
    await room.copied('cut', { sequence: 1, rows: 1_000 });
    await using proxy = await tcpProxy(testServers().replica);
    proxy.cutAfter(5_000_000);
    const replica = { ...room.replica.endpoint, host: proxy.host, port: proxy.port };
    const error = await caught(room.load('cut', { deps: { replica } }));
    expect(error).toMatchObject({ code: 'CONNECTION_LOST', table: 'cut' });
    expect((await room.load('cut')).counts).toMatchObject({ rowsInserted: 1_000 });

    // The same into a table that holds rows.
    await room.replica.exec(`UPDATE cut SET t = REPEAT('y', 10000), _tidemark_seq = 2`);
    await room.copied('cut', { sequence: 2, rows: 1_000 });
    proxy.cutAfter(5_000_000);
    expect(await caught(room.load('cut', { deps: { replica } }))).toMatchObject({ code: 'CONNECTION_LOST' });
    expect(await room.rawRows('cut', 'count(*)::int AS n, min(left(t, 1)) AS t')).toEqual([{ n: 1_000, t: 'x' }]);
    expect((await room.load('cut')).counts).toMatchObject({ rowsUpdated: 1_000 });
  });

  it('of a replica table that is altered meanwhile says to run again', async () => {
    await createChanged('altering');
    using _altered = onPoint('load.raw-table-ready', 'altering', () =>
      room.replica.exec('ALTER TABLE altering ADD COLUMN Added INT, ALGORITHM = COPY'),
    );
    const error = await caught(room.load('altering'));
    expect(error).toMatchObject({ code: 'TABLE_CHANGED_DURING_RUN', isTransient: true });
  });

  it('of the warehouse connection is recorded through another one', async () => {
    await createChanged('severed');
    using _cut = onPoint('load.merged', 'severed', async () => {
      await room.warehouse.exec(`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle in transaction'`);
    });
    expect(await caught(room.load('severed'))).toMatchObject({ code: 'CONNECTION_LOST' });
    expect(await room.state('severed')).toMatchObject({ status: 'failed', copySequence: '1', rows: 3 });
    expect(await namesInRaw(room, 'severed')).toEqual({ 1: 'Abel', 2: 'Béa', 3: 'Cy' });
  });

  it('names the column whose value was refused, and not the value', async () => {
    await room.replica.exec(`
      CREATE TABLE narrowed (PatNum BIGINT NOT NULL PRIMARY KEY, LName VARCHAR(100) NOT NULL, Hidden TINYINT NOT NULL,
        _tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE, KEY (_tidemark_seq)) DEFAULT CHARSET utf8mb4;
      INSERT INTO narrowed (PatNum, LName, Hidden, _tidemark_seq) VALUES (1, 'Smith-Secret', 77, 1)`);
    await room.warehouse.exec(
      `CREATE TABLE raw.narrowed ("PatNum" bigint PRIMARY KEY, "LName" text NOT NULL, "Hidden" boolean NOT NULL)`,
    );
    await room.copied('narrowed', { sequence: 1, rows: 1 });
    const error = await caught(room.load('narrowed'));
    expect(error).toMatchObject({ code: 'VALUE_REFUSED', message: expect.stringContaining('(column Hidden)') });
    expect(JSON.stringify(error) + String(error.stack)).not.toMatch(/Secret|"77"/);
  });

  it('says no value of a row', async () => {
    await createPatients(room, 'secret');
    await room.load('secret');
    await room.warehouse.exec(`ALTER TABLE raw.secret ADD CONSTRAINT no_smith CHECK ("LName" <> 'Smith-Secret')`);
    await room.replica.exec(`UPDATE secret SET LName = 'Smith-Secret', _tidemark_seq = 2 WHERE PatNum = 1`);
    await room.copied('secret', { sequence: 2, rows: 3 });
    const error = await caught(room.load('secret'));
    expect(error).toMatchObject({ code: 'VALUE_REFUSED' });
    const told = JSON.stringify([error, await room.tracking.history({ table: 'secret' })]) + String(error.stack);
    expect(told).not.toContain('Smith-Secret');
    expect(error.cause).toBeUndefined();
  });
});

describe('counts that disagree', () => {
  it.for([
    ['swallows an insert', 'swallowed', 'RETURN NULL'],
    ['changes a value', 'altered', `NEW."LName" := 'Else'; RETURN NEW`],
  ] as const)('stop the load when a trigger %s', async ([, table, body]) => {
    await createPatients(room, table);
    await room.load(table);
    await room.warehouse.exec(`
      CREATE FUNCTION ${table}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN ${body.replaceAll("'", "''")}; END';
      CREATE TRIGGER t BEFORE INSERT OR UPDATE ON raw.${table} FOR EACH ROW EXECUTE FUNCTION ${table}()`);
    await room.replica.exec(`
      UPDATE ${table} SET LName = 'X', _tidemark_seq = 2 WHERE PatNum = 1;
      INSERT INTO ${table} (PatNum, LName, Bal, _tidemark_seq) VALUES (9, 'New', 0, 2)`);
    await room.copied(table, { sequence: 2, rows: 4 });
    expect(await caught(room.load(table))).toMatchObject({ code: 'COUNTS_DISAGREE' });
    expect(await namesInRaw(room, table)).toEqual({ 1: 'Abel', 2: 'Béa', 3: 'Cy' });
    expect(await room.state(table)).toMatchObject({ status: 'failed', copySequence: '1', rows: 3 });
  });

  it('stop the load when the configured key is not the key of the rows', async () => {
    await room.replica.exec(`
      CREATE TABLE twins (id INT NOT NULL, v INT NOT NULL, _tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE,
        KEY (_tidemark_seq));
      INSERT INTO twins (id, v, _tidemark_seq) VALUES (1, 1, 1), (1, 2, 1)`);
    await room.copied('twins', { sequence: 1, rows: 2 });
    expect(await caught(room.load('twins'))).toMatchObject({ code: 'TABLE_WITHOUT_KEY' });
    const settings = { primaryKey: ['id'] };
    expect(await caught(room.load('twins', { settings }))).toMatchObject({ code: 'DUPLICATE_KEY' });
    await room.replica.exec('DELETE FROM twins WHERE v = 2');
    await room.load('twins', { settings });
    await room.replica.exec('INSERT INTO twins (id, v, _tidemark_seq) VALUES (1, 2, 2), (1, 3, 2)');
    await room.copied('twins', { sequence: 2, rows: 3 });
    expect(await caught(room.load('twins', { settings }))).toMatchObject({ code: 'COUNTS_DISAGREE' });
    expect(await room.rawRows('twins')).toEqual([{ id: 1, v: 1 }]);
  });
});

describe('a run that is in the way', () => {
  it('is named, and not interleaved with', async () => {
    await createChanged('busy');
    using pause = pauseAt('load.staged', 'busy');
    const first = room.load('busy', { runId: 'the-first' });
    await pause.reached;
    const error = await caught(room.load('busy'));
    expect(error).toMatchObject({ code: 'TABLE_LOCKED', message: expect.stringContaining('the-first') });
    pause.release();
    await first;
    expect(await room.state('busy')).toMatchObject({ status: 'success', consecutiveFailures: 0 });
  });

  it('stops when it is asked to', async () => {
    await createChanged('asked');
    const abort = new AbortController();
    using _asked = onPoint('load.staged', 'asked', () => abort.abort());
    expect(await caught(room.load('asked', { deps: { signal: abort.signal } }))).toMatchObject({ code: 'STOPPED' });
    expect(await room.state('asked')).toMatchObject({ copySequence: '1', rows: 3 });
    const [entry] = await room.tracking.history({ table: 'asked' });
    expect(entry).toMatchObject({ status: 'failed', errorCode: 'STOPPED' });
    expect((await room.load('asked')).counts).toMatchObject({ rowsUpdated: 1, rowsDeleted: 1 });
  });

  it('stops in the middle of the rows', async () => {
    await room.replica.exec(`
      CREATE TABLE endless (id INT NOT NULL PRIMARY KEY, t TEXT NOT NULL,
        _tidemark_seq BIGINT UNSIGNED NOT NULL DEFAULT 0 INVISIBLE, KEY (_tidemark_seq));
      INSERT INTO endless (id, t, _tidemark_seq)
      WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
      SELECT i, REPEAT('x', 10000), 1 FROM n`);
    await room.copied('endless', { sequence: 1, rows: 1_000 });
    const abort = new AbortController();
    using _asked = onPoint('load.run-recorded', 'endless', () => abort.abort());
    expect(await caught(room.load('endless', { deps: { signal: abort.signal } }))).toMatchObject({ code: 'STOPPED' });
    expect((await room.load('endless')).counts).toMatchObject({ rowsInserted: 1_000 });
  });
});
