import type { Client } from 'pg';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import { sharedPipeline } from '../losses/shared-pipeline.ts';
import type { Asked } from '../pipeline.ts';
import { atEachPoint } from './at-each-point.ts';
import { warehouseSession } from './warehouse-session.ts';

const { pipeline } = sharedPipeline();

const ROWS = 3_000;
const GONE = 1_000;
const REFRESH: Asked = { fullRefresh: true, allowDeletes: true };

let tables = 0;
let table = '';

/** A table in raw with a view and a materialized view on it, as dbt leaves them; in the source, much has changed since. */
beforeEach(async () => {
  tables += 1;
  table = `recall_${tables}`;
  await pipeline().source.exec(
    `CREATE TABLE ${table} (RecallNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note varchar(40),
       DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp) ENGINE=MyISAM;
     INSERT INTO ${table} (Note) VALUES ${Array.from({ length: ROWS }, (_, n) => `('note ${n}')`).join(', ')}`,
  );
  await pipeline().run(table);
  await pipeline().warehouse.exec(
    `CREATE VIEW ${table}_view AS SELECT "RecallNum", upper("Note") AS note FROM raw.${table};
     CREATE MATERIALIZED VIEW ${table}_stored AS SELECT "RecallNum" FROM ${table}_view`,
  );
  await pipeline().source.exec(
    `UPDATE ${table} SET Note = 'changed' WHERE RecallNum % 3 = 0; DELETE FROM ${table} WHERE RecallNum <= ${GONE}`,
  );
});

/** Fails at once where it would have to wait for a lock. */
async function impatient(): Promise<Client & AsyncDisposable> {
  const session = await warehouseSession(pipeline().warehouse);
  await session.query(`SET lock_timeout = '100ms'`);
  return session;
}

async function countRows(session: Client, relation: string): Promise<number> {
  const { rows } = await session.query<{ n: string }>(`SELECT count(*) AS n FROM ${relation}`);
  return Number(rows[0]?.n);
}

/** Lock modes that others hold or want on the raw table, which keep readers out. */
async function locksAgainstReaders(session: Client): Promise<unknown[]> {
  const { rows } = await session.query(
    `SELECT mode, granted FROM pg_locks WHERE relation = 'raw.${table}'::regclass AND mode = 'AccessExclusiveLock'`,
  );
  return rows;
}

// merge-raw.ts: staged beside the table, merged in one transaction, nothing truncated, dropped or renamed
describe('while a full refresh of a filled table is on', () => {
  test('at each of its points everybody reads the rows of before, builds and refreshes, and waits for nothing', async () => {
    await pipeline().copy(table, REFRESH);
    await using dashboard = await impatient();
    const look = async (point: string): Promise<void> => {
      if (point === 'load.after-commit') return;
      expect(await countRows(dashboard, `raw.${table}`), point).toBe(ROWS);
      expect(await countRows(dashboard, `${table}_view`), point).toBe(ROWS);
      await dashboard.query(`REFRESH MATERIALIZED VIEW ${table}_stored`);
      await dashboard.query(
        `CREATE TABLE built AS SELECT * FROM ${table}_view; DROP TABLE built;
         CREATE OR REPLACE VIEW ${table}_other AS SELECT "RecallNum" FROM raw.${table}; DROP VIEW ${table}_other`,
      );
      expect(await locksAgainstReaders(dashboard), point).toEqual([]);
    };
    const seen = await atEachPoint({ hop: 'load', table, act: look }, () => pipeline().load(table, REFRESH));
    expect(seen).toEqual(expect.arrayContaining(['load.staged', 'load.deleted', 'load.merged', 'load.before-commit']));
    expect(await countRows(dashboard, `${table}_view`)).toBe(ROWS - GONE);
    await dashboard.query(`REFRESH MATERIALIZED VIEW ${table}_stored`);
    expect(await countRows(dashboard, `${table}_stored`)).toBe(ROWS - GONE);
    await pipeline().expectEqual(table);
  });

  test('a reader in the middle of a long read does not hold it up, and reads on what he began with', async () => {
    await using reader = await warehouseSession(pipeline().warehouse);
    await reader.query(`BEGIN; DECLARE slow CURSOR FOR SELECT * FROM ${table}_view`);
    await reader.query('FETCH 10 FROM slow');
    await using model = await warehouseSession(pipeline().warehouse);
    await model.query(`BEGIN ISOLATION LEVEL REPEATABLE READ`);
    expect(await countRows(model, `raw.${table}`)).toBe(ROWS);
    await pipeline().run(table, REFRESH);
    expect((await reader.query('FETCH ALL FROM slow')).rowCount).toBe(ROWS - 10);
    expect(await countRows(model, `raw.${table}`)).toBe(ROWS);
    await using dashboard = await impatient();
    expect(await countRows(dashboard, `raw.${table}`)).toBe(ROWS - GONE);
    await pipeline().expectEqual(table);
  });

  test('others that count again and again see the rows of before or those of after, never none', async () => {
    const over = new AbortController();
    const poll = async (relation: string): Promise<Set<number>> => {
      await using session = await impatient();
      const counts = new Set<number>();
      while (!over.signal.aborted) counts.add(await countRows(session, relation));
      return counts;
    };
    const polls = Promise.all([poll(`raw.${table}`), poll(`${table}_view`)]);
    try {
      for (let round = 0; round < 3; round += 1) {
        await pipeline().run(table, REFRESH);
        await pipeline().source.exec(`UPDATE ${table} SET Note = 'round ${round}'`);
      }
    } finally {
      over.abort();
    }
    for (const counts of await polls) expect([...counts].toSorted((a, b) => b - a)).toEqual([ROWS, ROWS - GONE]);
  });
});

describe('a new column, with views on the table', () => {
  beforeEach(() => pipeline().source.exec(`ALTER TABLE ${table} ADD COLUMN Room int NOT NULL DEFAULT 7`));

  test('is added under them', async () => {
    await pipeline().run(table, { allowDeletes: true });
    await using dashboard = await impatient();
    expect(await countRows(dashboard, `${table}_view`)).toBe(ROWS - GONE);
    await dashboard.query(`REFRESH MATERIALIZED VIEW ${table}_stored`);
    await pipeline().expectEqual(table);
  });

  // alter-raw.ts: short attempts, with a pause after each
  test('waits for a reader who is at it, and keeps no other one out meanwhile', async () => {
    await using reader = await warehouseSession(pipeline().warehouse);
    await reader.query(`BEGIN; SELECT count(*) FROM raw.${table}`);
    await pipeline().copy(table, { allowDeletes: true });
    const load = pipeline().load(table, { allowDeletes: true });
    await vi.waitUntil(async () => (await locksAgainstReaders(reader)).length > 0, { timeout: 20_000, interval: 10 });
    await using other = await warehouseSession(pipeline().warehouse);
    await other.query(`SET lock_timeout = '2s'`);
    expect(await countRows(other, `${table}_view`)).toBe(ROWS);
    await reader.query('COMMIT');
    await load;
    await pipeline().expectEqual(table);
  });
});
