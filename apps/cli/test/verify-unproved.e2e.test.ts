import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { openCopyTracking } from '@tidemark/tracking';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openPractice, ROW_VALUE, TABLES, type Practice } from './testing/practice.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await openPractice();
  await practice.run(['migrate']);
});
afterAll(() => practice[Symbol.asyncDispose]());

async function verify(...args: string[]): Promise<{ code: number | null; tables: object[]; ok: boolean }> {
  const { code, stdout } = await practice.run(['verify', ...args, '--json']);
  const { ok, tables }: { ok: boolean; tables: object[] } = JSON.parse(stdout);
  return { code, ok, tables };
}

/** What the ledger says last of a table. */
async function lastEntry(table: string): Promise<object | undefined> {
  const [entry] = await practice.warehouse.query<object>(
    `SELECT scope, verdict, error_code FROM raw.etl_verification WHERE table_name = '${table}' ORDER BY id DESC LIMIT 1`,
  );
  return entry;
}

describe('exit code 0 is for what was proved', () => {
  it('not where nothing was compared at all', async () => {
    expect(await verify()).toMatchObject({ code: 1, ok: false });
    expect((await practice.run(['verify'])).stdout).toContain('Nothing was compared, so nothing is proved.\n');
    await practice.run(['run']);
    expect(await verify()).toMatchObject({ code: 0, ok: true });
  });

  it('a table that no run has reached yet is skipped beside others', async () => {
    practice.writeTables(`${TABLES}  keyless: {}\n  never_there: {}\n`);
    const { code, tables } = await verify();
    expect(code).toBe(0);
    expect(tables).toContainEqual(expect.objectContaining({ table: 'keyless', reason: 'not copied yet' }));
    expect(tables).toContainEqual(expect.objectContaining({ table: 'never_there', reason: 'not in the source' }));
  });

  it('not for a table whose first copy failed', async () => {
    expect((await practice.run(['run', 'keyless'])).code).toBe(1);
    const keyless = { table: 'keyless', verdict: 'skipped', error: { code: 'TABLE_NOT_READY' } };
    expect(await verify('keyless', 'recall')).toMatchObject({ code: 1, tables: [{ verdict: 'match' }, keyless] });
    practice.writeTables(TABLES);
  });

  it.each([
    ['the replica', () => practice.replica.exec('RENAME TABLE recall TO away')],
    ['raw', () => practice.warehouse.exec('ALTER TABLE raw.recall RENAME TO away')],
  ])('not for a table that %s has lost', async (_, lose) => {
    await lose();
    const lost = { table: 'recall', verdict: 'skipped', error: { code: 'TABLE_NOT_READY' } };
    expect(await verify('recall', 'patient')).toMatchObject({ code: 1, tables: [{ verdict: 'match' }, lost] });
    // As the hint says.
    expect((await practice.run(['run', 'recall'])).code).toBe(0);
    expect(await verify('recall')).toMatchObject({ code: 0 });
  });

  it('not for rows of raw whose copy has to begin anew', async () => {
    const tracking = await openCopyTracking(practice.replica.endpoint);
    const session = await tracking.openSession();
    await session.lock('program');
    await session.resetState('program');
    await session.release();
    await tracking.close();
    const reset = { table: 'program', verdict: 'skipped', error: { code: 'TABLE_NOT_READY' } };
    expect(await verify('program', 'patient')).toMatchObject({ code: 1, tables: [{ verdict: 'match' }, reset] });
    expect((await practice.run(['run', 'program'])).code).toBe(0);
  });

  it('not outside of the time window of the source', async () => {
    const [clock] = await practice.source.query<{ hour: string }>('SELECT HOUR(NOW()) AS hour');
    const from = (Number(clock?.hour) + 2) % 24;
    practice.writeTables(`source: {window: "${from}:00-${(from + 1) % 24}:00"}\n${TABLES}`);
    const closed = { verdict: 'skipped', error: { code: 'STOPPED' } };
    expect(await verify('recall', 'patient')).toMatchObject({ code: 1, tables: [closed, closed] });
    expect(await verify('recall', 'patient', '--ignore-window')).toMatchObject({ code: 0 });
    practice.writeTables(TABLES);
  });

  it.each([true, false])('not for a table that is gone from the source (tables.yml: %s)', async (isListed) => {
    if (!isListed) rmSync(join(practice.folder, 'tables.yml'));
    await practice.source.exec('RENAME TABLE recall TO gone_recall');
    const { code, stdout } = await practice.run(['verify', 'recall', 'patient']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^recall +– .* failed: TABLE_GONE$/m);
    expect(stdout).toContain('--exclude recall');
    expect(await lastEntry('recall')).toEqual({ scope: 'full', verdict: 'failed', error_code: 'TABLE_GONE' });
    const excluded = ['recall', 'gone_recall', 'keyless'].flatMap((table) => ['--exclude', table]);
    expect(await verify(...(isListed ? ['patient'] : excluded))).toMatchObject({ code: 0 });
    await practice.source.exec('RENAME TABLE gone_recall TO recall');
    practice.writeTables(TABLES);
  });
});

describe('a part without a row proves nothing', () => {
  beforeAll(() => practice.run(['run']));

  it('a sample draws something, however small it is', async () => {
    const drawn = { verdict: 'match', sourceRows: expect.toSatisfy((rows: number) => rows > 0 && rows < 300) };
    for (let round = 0; round < 3; round += 1) {
      expect(await verify('patient', '--sample', '0.0001%')).toMatchObject({ code: 0, tables: [drawn] });
    }
  });

  it('a sample of a table without rows', async () => {
    await practice.source.exec('CREATE TABLE bare (Num int NOT NULL PRIMARY KEY)');
    practice.writeTables(`${TABLES}  bare: {}\n`);
    await practice.run(['run', 'bare']);
    const empty = { verdict: 'skipped', reason: 'the sample drew no row', sourceRows: null };
    expect(await verify('bare', '--sample', '50%')).toMatchObject({ code: 1, tables: [empty] });
    expect(await lastEntry('bare')).toMatchObject({ scope: 'sample', verdict: 'skipped' });
    expect(await verify('bare')).toMatchObject({ code: 0, tables: [{ verdict: 'match', sourceRows: 0 }] });
    practice.writeTables(TABLES);
  });

  it('rows of a time in which nothing was stamped', async () => {
    await practice.source.exec(`UPDATE recall SET DateTStamp = '2020-01-01'`);
    await practice.run(['run', 'recall', '--full-refresh']);
    const quiet = { verdict: 'skipped', reason: 'no row is stamped at that time or later' };
    expect(await verify('recall', 'patient', '--since', '1d')).toMatchObject({
      code: 0,
      tables: [{ verdict: 'match', sourceRows: 300 }, quiet],
    });
    expect(await lastEntry('recall')).toMatchObject({ scope: 'since', verdict: 'skipped' });
    expect((await practice.run(['verify', 'recall', '--since', '1d'])).stdout).toContain('1 table, 0 equal, 1 skipped');
  });

  it('a time that has not come', async () => {
    const { code, stderr } = await practice.run(['verify', '--since', '2100-01-01']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('--since') });
    expect(stderr).not.toContain(ROW_VALUE);
  });
});
