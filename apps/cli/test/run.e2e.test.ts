import { existsSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openPractice, TABLES, type Practice } from './testing/practice.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await openPractice();
});

afterAll(async () => {
  await practice[Symbol.asyncDispose]();
});

interface TableReport {
  readonly table: string;
  readonly hop: string;
  readonly status: string;
  readonly strategy: string | null;
  readonly rowsRead: number;
  readonly rowsInserted: number;
  readonly rowsUpdated: number;
  readonly rowsDeleted: number;
  readonly error?: { readonly code: string; readonly hint: string };
}

async function runJson(args: readonly string[]): Promise<{ code: number | null; ok: boolean; tables: TableReport[] }> {
  const { code, stdout } = await practice.run([...args, '--json']);
  return { code, ...JSON.parse(stdout) };
}

function one(tables: readonly TableReport[], table: string, hop: string): TableReport | undefined {
  return tables.find((each) => each.table === table && each.hop === hop);
}

describe('tidemark', () => {
  it('asks for migrate before anything else, and exits 2', async () => {
    const { code, stdout, stderr } = await practice.run(['run']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Error: .*\(TRACKING_NOT_MIGRATED\)\n {2}→ .*tidemark migrate/);
  });

  it('migrates both databases, and a second time does nothing', async () => {
    const first = await practice.run(['migrate', '--json']);
    expect(first.code).toBe(0);
    const { replica, warehouse } = JSON.parse(first.stdout);
    expect([replica.applied.length > 0, warehouse.applied.length > 0]).toEqual([true, true]);
    const second = await practice.run(['migrate']);
    expect(second.stdout).toMatch(/replica: nothing to do.*\nwarehouse: nothing to do/);
  });

  it('plans without changing anything', async () => {
    const { code, stdout } = await practice.run(['plan', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).tables).toMatchObject([
      { table: 'patient', strategy: 'full_table', reasonCode: 'first_copy', estimatedRows: 300, key: ['PatNum'] },
      { table: 'recall' },
      { table: 'program' },
    ]);
    expect(await practice.replica.query("SHOW TABLES LIKE 'patient'")).toEqual([]);
  });

  it('brings everything the first time', async () => {
    const { code, ok, tables } = await runJson(['run']);
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(one(tables, 'patient', 'copy')).toMatchObject({ status: 'success', rowsInserted: 300 });
    expect(one(tables, 'patient', 'load')).toMatchObject({ status: 'success', rowsInserted: 300 });
    expect(await practice.warehouse.query('SELECT count(*)::int AS n FROM raw.program')).toEqual([{ n: 5 }]);
  });

  it('brings only what changed the next time', async () => {
    await practice.source.exec(
      `UPDATE patient SET LName = 'Zyzzyva Q' WHERE PatNum = 7; DELETE FROM program WHERE ProgramNum = 2`,
    );
    const { code, tables } = await runJson(['run']);
    expect(code).toBe(0);
    expect(one(tables, 'patient', 'copy')).toMatchObject({ strategy: 'incremental', rowsUpdated: 1, rowsInserted: 0 });
    expect(one(tables, 'patient', 'load')).toMatchObject({ rowsUpdated: 1 });
    expect(one(tables, 'program', 'load')).toMatchObject({ rowsDeleted: 1 });
  });

  it('shows the condition of an incremental plan, and no key', async () => {
    const { stdout } = await practice.run(['run', 'patient', '--dry-run']);
    expect(stdout).toMatch(/`DateTStamp` >= '\d{4}-\d\d-\d\d [\d:]+.*' OR `PatNum` > <highest copied>/);
    expect(stdout).not.toMatch(/\b300\b.*highest/);
  });

  it('prints the result on stdout and the log on stderr', async () => {
    const { stdout, stderr } = await practice.run(['run', 'program', '--log-format', 'json']);
    expect(stdout).toMatch(/^table +strategy/);
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { level: 'info', table: 'program', hop: 'copy' },
      { level: 'info', table: 'program', hop: 'load' },
    ]);
  });

  it('says nothing with --quiet when all goes well', async () => {
    expect(await practice.run(['run', 'program', '--quiet'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('takes hops apart', async () => {
    await practice.source.exec("UPDATE program SET ProgName = 'Zyzzyva R' WHERE ProgramNum = 1");
    const copied = await runJson(['copy', 'program']);
    expect(copied.tables).toMatchObject([{ hop: 'copy', rowsUpdated: 1 }]);
    const loaded = await runJson(['load', 'program']);
    expect(loaded.tables).toMatchObject([{ hop: 'load', rowsUpdated: 1 }]);
  });

  it('selects by tag, glob and exclusion', async () => {
    const names = async (...args: string[]) => (await runJson(['copy', ...args])).tables.map(({ table }) => table);
    expect(await names('--select', 'tag:people')).toEqual(['patient']);
    expect(await names('--exclude', 'p*')).toEqual(['recall']);
    expect(await names('program', '-s', 'rec*')).toEqual(['recall', 'program']);
  });

  it('exits 1 when one table fails, with the others done', async () => {
    practice.writeTables(`${TABLES}  keyless: {}\n  gone: {}\n`);
    const { code, ok, tables } = await runJson(['run']);
    expect({ code, ok }).toEqual({ code: 1, ok: false });
    expect(one(tables, 'keyless', 'copy')).toMatchObject({ status: 'failed', error: { code: 'TABLE_WITHOUT_KEY' } });
    expect(one(tables, 'keyless', 'load')).toMatchObject({ status: 'skipped' });
    expect(one(tables, 'gone', 'copy')).toMatchObject({ status: 'skipped', reason: 'not in the source' });
    expect(one(tables, 'patient', 'load')).toMatchObject({ status: 'success' });
    const { stdout } = await practice.run(['run', '--select', 'result:error']);
    expect(stdout).toContain('copy failed: keyless\n');
    expect(stdout).toContain('1 table, 0 ok, 1 failed');
  });

  it('shows status and history', async () => {
    const status = JSON.parse((await practice.run(['status', '--json'])).stdout);
    const patient = status.tables.find(({ table }: { table: string }) => table === 'patient');
    expect(patient).toMatchObject({
      copy: { status: 'success', rowsCopied: 300 },
      load: { rowsLoaded: 300 },
      transform: null,
    });
    expect(patient.copy.sourceAsOf).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(patient.copy.watermarks.DateTStamp).toMatch(/^\d{4}-/);
    const keyless = status.tables.find(({ table }: { table: string }) => table === 'keyless');
    expect(keyless.copy).toMatchObject({ status: 'failed', lastCopied: null, lastError: 'TABLE_WITHOUT_KEY' });
    expect((await practice.run(['status'])).stdout).toMatch(/^keyless +failed/m);

    const { runs } = JSON.parse((await practice.run(['history', 'patient', '--json', '--limit', '2'])).stdout);
    expect(runs).toHaveLength(2);
    expect(runs[0]).toMatchObject({ table: 'patient', hop: 'load', status: 'success', errorCode: null });
    const ofRun = JSON.parse((await practice.run(['history', '--run', runs[0].runId, '--json'])).stdout);
    expect(new Set(ofRun.runs.map(({ runId }: { runId: string }) => runId))).toEqual(new Set([runs[0].runId]));
  });

  it('reads a table whole on request', async () => {
    const { tables } = await runJson(['run', 'recall', '--full-refresh']);
    expect(one(tables, 'recall', 'copy')).toMatchObject({ strategy: 'full_table', rowsRead: 20, rowsInserted: 0 });
  });

  it.skipIf(!existsSync('/dev/full'))('goes on where its log cannot be written', async () => {
    const { code, stdout } = await practice.runLoggingTo('/dev/full', ['run', 'patient', 'recall', '--json']);
    expect(code).toBe(0);
    const { tables }: { tables: TableReport[] } = JSON.parse(stdout);
    expect(tables.map(({ status }) => status)).toEqual(tables.map(() => 'success'));
  });

  it('leaves the source alone outside its time window', async () => {
    const [clock] = await practice.source.query<{ hour: string }>('SELECT HOUR(NOW()) AS hour');
    const from = (Number(clock?.hour) + 2) % 24;
    const window = `${from}:00-${(from + 1) % 24}:00`;
    practice.writeTables(`source: {window: "${window}"}\n${TABLES}`);
    const { code, tables } = await runJson(['run', 'patient']);
    expect(code).toBe(0);
    expect(tables).toMatchObject([
      { hop: 'copy', status: 'skipped' },
      { hop: 'load', status: 'skipped' },
    ]);
    const overruled = await runJson(['run', 'patient', '--ignore-window']);
    expect(overruled.tables).toMatchObject([{ status: 'success' }, { status: 'success' }]);
    practice.writeTables(TABLES);
  });
});
