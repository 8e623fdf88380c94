import { loadTable } from '@tidemark/loader';
import { createPostgresDatabase, numbers, onPoint, testServers, type TestDatabase } from '@tidemark/testkit';
import { openLoadTracking } from '@tidemark/tracking';
import { beforeEach, describe, expect, test } from 'vitest';

import { sharedPipeline } from '../losses/shared-pipeline.ts';
import { loadInput, type Asked } from '../pipeline.ts';

// What becomes of tombstones, and of what they stand for, when records are lost and settings change.

const { pipeline } = sharedPipeline();

type Policy = 'remove' | 'flag' | 'ignore';

const asked = (deletes: Policy): Asked => ({ plan: { strategy: 'digest' }, copy: { deletes }, load: { deletes } });
const REMOVE = asked('remove');

let tables = 0;
let table = '';

/** Rows 1 to 5 of a table of the practice, through both hops. */
beforeEach(async () => {
  tables += 1;
  table = `recall_${tables}`;
  await pipeline().source.exec(
    `CREATE TABLE ${table} (RecallNum bigint NOT NULL PRIMARY KEY, Note varchar(40)) ENGINE=MyISAM;
     INSERT INTO ${table} VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e')`,
  );
});

const source = (sql: string): Promise<void> => pipeline().source.exec(sql);
const deleteRow = (key: number): Promise<void> => source(`DELETE FROM ${table} WHERE RecallNum = ${key}`);

async function keysInRaw(warehouse: TestDatabase = pipeline().warehouse): Promise<number[]> {
  const rows = await warehouse.query<{ k: string }>(
    `SELECT "RecallNum"::text AS k FROM raw.${table} ORDER BY "RecallNum"`,
  );
  return rows.map(({ k }) => Number(k));
}

// copy-table.ts: the numbers of a record that is lost are given out again
describe('the record of the copy is lost, and its tombstones are not', () => {
  test('a row that was deleted once and came back stays in raw', async () => {
    await pipeline().run(table, REMOVE);
    await deleteRow(2);
    await pipeline().run(table, REMOVE);
    await source(`INSERT INTO ${table} VALUES (2, 'back')`);
    await pipeline().run(table, REMOVE);
    await pipeline().replica.exec(`DELETE FROM etl_copy_status WHERE table_name = '${table}'`);
    await pipeline().run(table, REMOVE);
    await source(`UPDATE ${table} SET Note = 'changed' WHERE RecallNum = 4`);
    expect((await pipeline().run(table, REMOVE)).load.strategy).toBe('incremental');
    await pipeline().expectEqual(table);
  });

  test('the next loads read what changed, though old ones are pruned', async () => {
    const keepNothing = { ...REMOVE, load: { ...REMOVE.load, keepTombstonesSeconds: 0 } };
    await pipeline().run(table, REMOVE);
    for (const key of [1, 2, 3]) {
      await deleteRow(key);
      await pipeline().run(table, REMOVE);
    }
    await pipeline().replica.exec(`DELETE FROM etl_copy_status WHERE table_name = '${table}'`);
    await pipeline().run(table, keepNothing);
    await source(`UPDATE ${table} SET Note = 'changed' WHERE RecallNum = 4`);
    await pipeline().run(table, keepNothing);
    await source(`UPDATE ${table} SET Note = 'again' WHERE RecallNum = 4`);
    expect((await pipeline().run(table, keepNothing)).load.strategy).toBe('incremental');
    await pipeline().expectEqual(table);
  });
});

describe('the setting changes', () => {
  test('flag, then remove: rows that were marked go', async () => {
    await pipeline().run(table, asked('flag'));
    await deleteRow(2);
    await pipeline().run(table, asked('flag'));
    expect(await keysInRaw()).toEqual([1, 2, 3, 4, 5]);
    await pipeline().run(table, REMOVE);
    expect(await keysInRaw()).toEqual([1, 3, 4, 5]);
    expect((await pipeline().states(table)).load?.rows).toBe(4);
  });

  test('flag, then remove: rows that were marked are not asked for again, however many they are', async () => {
    await source(`INSERT INTO ${table} SELECT seq, 'many' FROM ${numbers(6, 1_200)}`);
    await pipeline().run(table, asked('flag'));
    await source(`DELETE FROM ${table} WHERE RecallNum > 5`);
    await pipeline().run(table, { ...asked('flag'), allowDeletes: true });
    expect(await keysInRaw()).toHaveLength(1_200);
    await pipeline().run(table, REMOVE);
    await pipeline().expectEqual(table);
  });

  test('ignore for a load only, then remove: rows whose tombstones were passed over go', async () => {
    await pipeline().run(table, REMOVE);
    await deleteRow(2);
    await pipeline().copy(table, REMOVE);
    await pipeline().load(table, asked('ignore'));
    expect(await keysInRaw()).toEqual([1, 2, 3, 4, 5]);
    await pipeline().run(table, REMOVE);
    expect(await keysInRaw()).toEqual([1, 3, 4, 5]);
  });
});

// prune-tombstones.ts; plan-load.ts: whyTooLate
test('a second warehouse, whose loads fail while the first one prunes, loses no delete', async () => {
  const pruning = { ...REMOVE, load: { ...REMOVE.load, keepTombstonesSeconds: 0 } };
  await using other = await createPostgresDatabase(testServers().warehouse);
  const tracking = await openLoadTracking(other.endpoint);
  await tracking.migrate();
  const loadOther = () => loadTable({ replica: pipeline().replica.endpoint, tracking }, loadInput(table, pruning));
  await pipeline().run(table, pruning);
  await loadOther();
  const work = [
    'DELETE FROM t WHERE RecallNum IN (2, 3)',
    `INSERT INTO t VALUES (2, 'back')`,
    `UPDATE t SET Note = 'x'`,
  ];
  for (const sql of work) {
    await source(sql.replace(' t ', ` ${table} `));
    await pipeline().run(table, pruning);
    using _fails = onPoint('load.staged', table, 'fail');
    await expect(loadOther()).rejects.toMatchObject({ code: 'INTERNAL' });
  }
  await pipeline().load(table, pruning);
  expect((await loadOther()).reason).toContain('no longer kept');
  expect(await keysInRaw(other)).toEqual([1, 2, 4, 5]);
  await tracking.close();
});

describe('a row is deleted and put in again under its key', () => {
  test.each(['remove', 'flag'] as const)('before the load, twice (%s)', async (deletes) => {
    await pipeline().run(table, asked(deletes));
    for (const note of ['again', 'once more']) {
      await deleteRow(2);
      await pipeline().copy(table, asked(deletes));
      await source(`INSERT INTO ${table} VALUES (2, '${note}')`);
      await pipeline().copy(table, asked(deletes));
    }
    await pipeline().load(table, asked(deletes));
    await pipeline().expectEqual(table);
  });

  test('while the run is on that buries it: the next one brings it back', async () => {
    await pipeline().run(table, REMOVE);
    await deleteRow(2);
    {
      using _back = onPoint('copy.buried', table, () => source(`INSERT INTO ${table} VALUES (2, 'back')`));
      await pipeline().run(table, REMOVE);
    }
    await pipeline().run(table, REMOVE);
    await pipeline().expectEqual(table);
  });
});
