import type { TestDatabase } from '@tidemark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openPractice, ROW_VALUE, type Practice } from './testing/practice.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await openPractice();
  await practice.run(['migrate']);
  await practice.run(['run']);
});
afterAll(() => practice[Symbol.asyncDispose]());

interface Found {
  readonly table: string;
  readonly [field: string]: unknown;
}

async function verify(...args: string[]): Promise<{ code: number | null; of: Record<string, Found> }> {
  const { code, stdout } = await practice.run(['verify', ...args, '--json', '--log-level', 'trace']);
  const { tables }: { tables: Found[] } = JSON.parse(stdout);
  return { code, of: Object.fromEntries(tables.map((found) => [found.table, found])) };
}

/** One of each kind, in replica and raw. */
async function plant(): Promise<void> {
  await practice.replica.exec(`
    DELETE FROM patient WHERE PatNum = 5;
    UPDATE patient SET LName = '${ROW_VALUE} V' WHERE PatNum = 6;
    INSERT INTO patient (PatNum, LName, Birthdate) VALUES (100005, '${ROW_VALUE}', '2001-02-03')`);
  await practice.warehouse.exec(`
    DELETE FROM raw.patient WHERE "PatNum" = 7;
    UPDATE raw.patient SET "LName" = NULL WHERE "PatNum" = 8;
    INSERT INTO raw.patient SELECT 100009, "LName", "Birthdate", "DateTStamp" FROM raw.patient WHERE "PatNum" = 9`);
  await practice.source.exec(`
    UPDATE patient SET LName = '${ROW_VALUE} X', DateTStamp = DateTStamp WHERE PatNum = 10;
    DELETE FROM patient WHERE PatNum = 11`);
}

/** Rows that the source does not have, one more than a repair may delete. */
async function addStrangers(database: TestDatabase, table: string, from: number): Promise<void> {
  const values = Array.from({ length: 1_001 }, (_, at) => `(${at + from}, '${ROW_VALUE}')`);
  await database.exec(`INSERT INTO ${table} VALUES ${values.join(', ')}`);
}

const PLANTED = { missing: 2, extra: 3, different: 3 };

describe('tidemark verify --repair', () => {
  it('says what it would do, and does nothing, with --dry-run', async () => {
    await plant();
    for (let round = 0; round < 2; round += 1) {
      const { code, of } = await verify('patient', '--repair', '--dry-run');
      expect(code).toBe(3);
      const wanted = { verdict: 'differs', ...PLANTED, repaired: 0, wouldRepair: { copy: 5, load: 8 } };
      expect(of['patient']).toMatchObject(wanted);
    }
    const { stdout } = await practice.run(['verify', 'patient', '--repair', '--dry-run']);
    expect(stdout).toContain('→ would repair 5 rows in the replica and 8 rows in raw');
    expect((await practice.run(['verify', '--dry-run'])).code).toBe(2);
  });

  it('repairs every kind of difference in both, and proves the rows again', async () => {
    const { code, of } = await verify('patient', '--repair');
    expect(code).toBe(0);
    expect(of['patient']).toMatchObject({ verdict: 'match', ...PLANTED, repaired: 8 });
    const causes = { changed_in_replica: 3, changed_in_raw: 3, stamp_did_not_move: 1, deleted_in_source: 1 };
    expect(of['patient']?.['causes']).toEqual(causes);
    const again = await verify('patient');
    expect(again.code).toBe(0);
    expect(again.of['patient']).toMatchObject({
      verdict: 'match',
      sourceRows: 299,
      replicaRows: 299,
      warehouseRows: 299,
    });
    expect(again.of['patient']).toMatchObject({ missing: 0, extra: 0, different: 0 });
  });

  it('touches no other row', async () => {
    // What was wrong in the replica only is right in raw: the load looks at it and leaves it.
    const { stdout } = await practice.run(['history', 'patient', '--json', '--limit', '2']);
    const { runs }: { runs: Record<string, unknown>[] } = JSON.parse(stdout);
    expect(runs).toMatchObject([
      { hop: 'load', plan: 'repair', rowsInserted: 1, rowsUpdated: 2, rowsDeleted: 2 },
      { hop: 'copy', plan: 'repair', rowsInserted: 1, rowsUpdated: 2, rowsDeleted: 2 },
    ]);
  });

  it.each([
    ['the replica', () => addStrangers(practice.replica, 'program', 100)],
    ['raw', () => addStrangers(practice.warehouse, 'raw.program', 5_000)],
  ])('foresees with --dry-run that so many rows of %s are not deleted', async (_, add) => {
    await add();
    const { code, of } = await verify('program', '--repair', '--dry-run');
    expect(code).toBe(3);
    const wouldRepair = { load: 1_001, refusal: { code: 'DELETE_CAP' } };
    expect(of['program']).toMatchObject({ verdict: 'differs', extra: 1_001, wouldRepair });
    const { stdout } = await practice.run(['verify', 'program', '--repair', '--dry-run']);
    expect(stdout).toContain('→ would be refused (DELETE_CAP): ');

    const refused = await verify('program', '--repair');
    expect(refused.code).toBe(1);
    expect({ refusal: refused.of['program']?.['error'] }).toEqual({
      refusal: Object(of['program']?.['wouldRepair']).refusal,
    });

    const allowed = await verify('program', '--repair', '--allow-deletes', '--dry-run');
    expect(allowed.of['program']?.['wouldRepair']).toMatchObject({ load: 1_001 });
    expect(allowed.of['program']?.['wouldRepair']).not.toHaveProperty('refusal');
    expect((await verify('program', '--repair', '--allow-deletes')).code).toBe(0);
  });

  it('foresees that nothing is deleted for an empty source', async () => {
    await practice.source.exec('CREATE TABLE spare AS SELECT * FROM program; TRUNCATE program');
    const { of } = await verify('program', '--repair', '--dry-run');
    expect(of['program']).toMatchObject({ extra: 5, wouldRepair: { copy: 5, refusal: { code: 'DELETE_CAP' } } });
    const { of: refused } = await verify('program', '--repair');
    expect(refused['program']).toMatchObject({ repaired: 0, error: Object(of['program']?.['wouldRepair']).refusal });
    await practice.source.exec('INSERT INTO program SELECT * FROM spare; DROP TABLE spare');
    expect((await verify('program')).code).toBe(0);
  });

  it('tells a repair that is refused, with what was found', async () => {
    await practice.replica.exec('DELETE FROM recall WHERE RecallNum < 4');
    await practice.warehouse.exec('ALTER TABLE raw.recall ADD CONSTRAINT closed CHECK ("RecallNum" > 3) NOT VALID');
    await practice.warehouse.exec('DELETE FROM raw.recall WHERE "RecallNum" < 4');
    const { code, of } = await verify('recall', '--repair');
    expect(code).toBe(1);
    expect(of['recall']).toMatchObject({
      verdict: 'differs',
      missing: 3,
      repaired: 0,
      error: { code: 'VALUE_REFUSED' },
    });
    const [entry] = await practice.warehouse.query(
      `SELECT verdict, error_code FROM raw.etl_verification WHERE table_name = 'recall' ORDER BY id DESC LIMIT 1`,
    );
    expect(entry).toEqual({ verdict: 'differs', error_code: 'VALUE_REFUSED' });
    await practice.warehouse.exec('ALTER TABLE raw.recall DROP CONSTRAINT closed');
    const { of: mended } = await verify('recall', '--repair');
    expect(mended['recall']).toMatchObject({ verdict: 'match' });
  });
});
