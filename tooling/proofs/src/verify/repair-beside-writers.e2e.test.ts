import { numbers } from '@tidemark/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openCommand } from '../command.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import { shortOrLong } from '../races/how-long.ts';
import { writing } from './writing.ts';

// `verify --repair` while the practice works: it ends, reverts nothing, and takes away nothing that is there.

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await openPipeline();
});
afterAll(() => pipeline[Symbol.asyncDispose]());

const ROWS = 4_000;
/** Nobody touches these but the test. */
const STILL = 1_000;
/** Rows beyond are deleted and put in again; these are there all the time. */
const STEADY = 3_500;

const TABLES = {
  stamped: {
    columns: ', DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp',
    yml: 'incremental_columns: [DateTStamp], extraction_strategy: incremental, digest_every: 0',
  },
  unstamped: { columns: '', yml: 'extraction_strategy: digest' },
} as const;

/** What a turn of the practice does: Edits only ever grows in a row, also where the row was away. */
function workOn(table: string, isStamped: boolean): (turn: number) => string {
  const silently = isStamped ? ', DateTStamp = DateTStamp' : '';
  return (turn) => {
    const key = STILL + 1 + ((turn * 613) % (ROWS - STILL));
    const passing = STEADY + ((turn * 7) % (ROWS - STEADY)) + 1;
    return (
      [
        `UPDATE ${table} SET Edits = ${turn + 1} WHERE Num BETWEEN ${key} AND ${key + 3}`,
        `UPDATE ${table} SET Edits = ${turn + 1}${silently} WHERE Num BETWEEN ${key} AND ${key + 3}`,
        `INSERT INTO ${table} (Edits) VALUES (${turn + 1})`,
        `DELETE FROM ${table} WHERE Num = ${passing}; REPLACE INTO ${table} (Num, Edits) VALUES (${passing - 1}, ${turn + 1})`,
      ][turn % 4] ?? ''
    );
  };
}

async function editsIn(database: 'replica' | 'warehouse', table: string): Promise<Map<number, number>> {
  const sql =
    database === 'replica'
      ? `SELECT CAST(Num AS CHAR) AS num, CAST(Edits AS CHAR) AS edits FROM ${table}`
      : `SELECT "Num"::text AS num, "Edits"::text AS edits FROM raw.${table}`;
  const rows = await pipeline[database].query<{ num: string; edits: string }>(sql);
  return new Map(rows.map(({ num, edits }) => [Number(num), Number(edits)]));
}

/** Rows that went back, or that are gone though the source always had them. */
function lostIn(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number[] {
  return [...before].flatMap(([num, edits]) => {
    const now = after.get(num);
    return now === undefined ? (num <= STEADY ? [num] : []) : now < edits ? [num] : [];
  });
}

describe.each(['stamped', 'unstamped'] as const)('%s', (table) => {
  test('rows that are wrong are mended beside the work of a practice, and none is lost or goes back', async () => {
    const { columns, yml } = TABLES[table];
    await pipeline.source.exec(
      `CREATE TABLE ${table} (Num bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Edits int NOT NULL${columns}) ENGINE=MyISAM;
       INSERT INTO ${table} (Edits) SELECT 0 FROM ${numbers(1, ROWS)}`,
    );
    using command = openCommand(pipeline, `tables:\n  ${table}: { ${yml} }`);
    expect((await command.run(['run'])).code).toBe(0);
    {
      await using writer = await writing(pipeline, workOn(table, table === 'stamped'));
      for (let round = 0; round < shortOrLong(2, 20); round += 1) {
        await pipeline.replica.exec(`DELETE FROM ${table} WHERE Num = ${100 + round}`);
        await pipeline.warehouse.exec(`DELETE FROM raw.${table} WHERE "Num" = ${200 + round}`);
        const before = { replica: await editsIn('replica', table), raw: await editsIn('warehouse', table) };
        const turns = writer.turns();
        const { code, stderr } = await command.run(['verify', '--repair', '--json']);
        expect([0, 3], stderr).toContain(code);
        expect(writer.turns()).toBeGreaterThan(turns);
        const after = { replica: await editsIn('replica', table), raw: await editsIn('warehouse', table) };
        expect([lostIn(before.replica, after.replica), lostIn(before.raw, after.raw)]).toEqual([[], []]);
        expect([after.replica.has(100 + round), after.raw.has(200 + round)]).toEqual([true, true]);
      }
      expect((await command.run(['run'])).code).toBe(0);
    }
    expect((await command.run(['run'])).code).toBe(0);
    const last = await command.run(['verify', '--json']);
    expect(last.code, last.stdout).toBe(0);
    await pipeline.expectEqual(table);
  });
});
