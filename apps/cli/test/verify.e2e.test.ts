import { openCopyTracking } from '@tidemark/tracking';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openPractice, ROW_VALUE, TABLES, type Practice } from './testing/practice.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await openPractice();
  await practice.run(['migrate']);
  await practice.run(['run']);
});
afterAll(() => practice[Symbol.asyncDispose]());

interface Found {
  readonly table: string;
  readonly verdict: string;
  readonly [field: string]: unknown;
}

async function verify(...args: string[]): Promise<{ code: number | null; ok: boolean; of: Record<string, Found> }> {
  const { code, stdout } = await practice.run(['verify', ...args, '--json', '--log-level', 'trace']);
  const { ok, tables }: { ok: boolean; tables: Found[] } = JSON.parse(stdout);
  return { code, ok, of: Object.fromEntries(tables.map((found) => [found.table, found])) };
}

describe('tidemark verify', () => {
  it('proves equal tables, and status says when', async () => {
    const { code, ok, of } = await verify();
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    const counts = { sourceRows: 300, replicaRows: 300, warehouseRows: 300, missing: 0, extra: 0, different: 0 };
    expect(of['patient']).toMatchObject({ verdict: 'match', ...counts, repaired: 0, causes: {}, columns: {} });
    const status = JSON.parse((await practice.run(['status', '--json'])).stdout);
    for (const { provedAt } of status.tables) expect(provedAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('names what differs by column and cause, and no row', async () => {
    await practice.warehouse.exec(`UPDATE raw.patient SET "LName" = '${ROW_VALUE} II' WHERE "PatNum" = 77`);
    await practice.replica.exec('DELETE FROM recall WHERE RecallNum = 7');
    await practice.source.exec('DELETE FROM program WHERE ProgramNum = 5');
    const { code, ok, of } = await verify();
    expect({ code, ok }).toEqual({ code: 3, ok: false });
    expect(of['patient']).toMatchObject({ verdict: 'differs', different: 1, columns: { LName: 1 } });
    expect(of['patient']?.['causes']).toEqual({ changed_in_raw: 1 });
    expect(of['recall']).toMatchObject({ missing: 1, causes: { changed_in_replica: 1 } });
    expect(of['program']).toMatchObject({ extra: 1, causes: { deleted_in_source: 1 } });
    expect(Object.keys(of['patient'] ?? {})).not.toContain('rows');

    const { code: again, stdout } = await practice.run(['verify']);
    expect(again).toBe(3);
    expect(stdout).toContain('  1 row changed in raw by other hands\n  in LName (1)\n  → ');
    expect(stdout).toContain('3 tables, 0 equal, 3 differ');
    expect(stdout).not.toMatch(/\b77\b/);
    await practice.run(['run', '--full-refresh']);
    expect((await verify()).code).toBe(0);
  });

  it('writes down what came of it, a failure too', async () => {
    practice.writeTables(`${TABLES}  keyless: {}\n`);
    await practice.source.exec('UPDATE program SET ProgName = ProgName WHERE ProgramNum = 1');
    const { code, of } = await verify();
    expect(code).toBe(0);
    expect(of['keyless']).toMatchObject({ verdict: 'skipped', reason: 'not copied yet' });
    practice.writeTables(TABLES);
    const rows = await practice.warehouse.query<{ verdict: string }>(
      `SELECT DISTINCT verdict FROM raw.etl_verification WHERE table_name IN ('keyless', 'patient') ORDER BY 1`,
    );
    expect(rows.map(({ verdict }) => verdict)).toEqual(['differs', 'match', 'skipped']);
  });

  it('compares a part', async () => {
    expect((await verify('patient', '--since', '1d')).of['patient']).toMatchObject({ sourceRows: 300 });
    expect((await verify('program', '--since', '1d')).of['program']).toMatchObject({ verdict: 'skipped' });
    expect((await verify('patient', '--sample', '100%')).of['patient']).toMatchObject({ sourceRows: 300 });
    expect((await practice.run(['verify', '--sample', '5%', '--since', '1d'])).code).toBe(2);
  });

  it('leaves a table that a run holds', async () => {
    const tracking = await openCopyTracking(practice.replica.endpoint);
    const session = await tracking.openSession();
    await session.lock('patient');
    const { code, of } = await verify('patient', 'recall');
    await session.release();
    await tracking.close();
    expect(code).toBe(5);
    expect(of['patient']).toMatchObject({ verdict: 'skipped', error: { code: 'TABLE_LOCKED' } });
    expect(of['recall']).toMatchObject({ verdict: 'match' });
  });
});
