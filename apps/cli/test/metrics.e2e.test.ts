import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { parsePrometheus } from '../src/testing/parse-prometheus.ts';
import { openPractice, TABLES, type Practice } from './testing/practice.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await openPractice();
  await practice.run(['migrate']);
});

afterAll(async () => {
  await practice[Symbol.asyncDispose]();
});

async function metrics(...args: string[]) {
  const { code, stdout } = await practice.run(['metrics', '--json', ...args]);
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

it('says that nothing is covered before the first run', async () => {
  const { coverage, duplicateKeys, overhead } = await metrics();
  expect(coverage.copy.incremental).toEqual({ total: 2, covered: 0, missing: ['patient', 'recall'] });
  expect(coverage.load.synced).toMatchObject({ total: 3, covered: 0 });
  expect(duplicateKeys.runs).toEqual([]);
  expect(overhead.copy).toMatchObject({ attempts: 0, timeShare: null });
});

it('refuses more days than there can be a history of', async () => {
  const end = await practice.run(['metrics', '--days', '99999999999']);
  expect(end).toMatchObject({ code: 2, stderr: expect.stringContaining('--days: expected an integer') });
});

it('measures the four numbers of real runs', async () => {
  await practice.run(['run']);
  const report = await metrics();
  expect(report.coverage.copy.incremental).toEqual({ total: 2, covered: 2, missing: [] });
  expect(report.coverage.load.synced).toEqual({ total: 3, covered: 3, missing: [] });
  expect(report.duplicateKeys.present).toEqual(
    ['patient', 'program', 'recall'].map((table) => ({ table, by: 'unique_index', keys: 0, surplusRows: 0 })),
  );
  for (const hop of ['copy', 'load']) {
    const { attempts, measured, timeShare, statements, trackingStatements, tables } = report.overhead[hop];
    expect({ attempts, measured }).toEqual({ attempts: 3, measured: 3 });
    expect(timeShare).toBeGreaterThan(0);
    expect(timeShare).toBeLessThan(1);
    expect(trackingStatements).toBeGreaterThanOrEqual(3 * 8);
    // What the hop asks on its other connection is in it: the settings and descriptions alone are more than these.
    expect(statements - trackingStatements).toBeGreaterThan(3 * (hop === 'copy' ? 25 : 15));
    expect(tables).toHaveLength(3);
  }
});

it('counts keys that are there twice, and runs that met them', async () => {
  await practice.warehouse.exec(`
    ALTER TABLE raw.program DROP CONSTRAINT program_pkey;
    DROP INDEX IF EXISTS raw.program_key;
    INSERT INTO raw.program SELECT * FROM raw.program WHERE "ProgramNum" < 3`);
  await practice.source.exec("UPDATE program SET ProgName = 'Zyzzyva S' WHERE ProgramNum = 4");
  expect((await practice.run(['run', 'program', '--retries', '0'])).code).toBe(1);
  const { duplicateKeys, coverage } = await metrics('program');
  expect(duplicateKeys.present).toEqual([{ table: 'program', by: 'count', keys: 2, surplusRows: 2 }]);
  expect(duplicateKeys.runs).toMatchObject([{ table: 'program', hop: 'load', attempts: 1 }]);
  // A failure takes no coverage away: the record of the success is there.
  expect(coverage.load.synced).toEqual({ total: 1, covered: 1, missing: [] });
  const { stdout } = await practice.run(['metrics']);
  expect(stdout).toContain('program: 2 keys more than once, 2 rows too many');
  expect(stdout).toContain('1 run ended with DUPLICATE_KEY: program (load)');
});

it('writes the format of Prometheus to stdout or, in one step, into a file', async () => {
  const printed = await practice.run(['metrics', '--prometheus']);
  const rows = parsePrometheus(printed.stdout);
  expect(rows).toContainEqual({ name: 'tidemark_duplicate_rows', labels: { table: 'program' }, value: 2 });
  const file = join(practice.folder, 'tidemark.prom');
  writeFileSync(file, 'old\n');
  const written = await practice.run(['metrics', '--prometheus', '--output', file]);
  expect(written).toMatchObject({ code: 0, stdout: '' });
  expect(parsePrometheus(readFileSync(file, 'utf8')).map(({ name }) => name)).toEqual(rows.map(({ name }) => name));
  expect(readdirSync(practice.folder).toSorted()).toEqual(['tables.yml', 'tidemark.prom']);
});

it('refuses what does not go together, and says why a file cannot be written', async () => {
  expect((await practice.run(['metrics', '--output', 'x.prom'])).code).toBe(2);
  expect((await practice.run(['metrics', '--prometheus', '--json'])).code).toBe(2);
  expect((await practice.run(['metrics', '--days', '0'])).code).toBe(2);
  const nowhere = await practice.run(['metrics', '--prometheus', '-o', '/nowhere/x.prom']);
  expect(nowhere.code).toBe(2);
  expect(nowhere.stderr).toContain('/nowhere/x.prom: cannot be written: its folder does not exist');
});

it('reads only the days it is asked for', async () => {
  await practice.replica.exec(
    "UPDATE etl_run_history SET started_at = started_at - INTERVAL 10 DAY WHERE table_name = 'patient'",
  );
  expect(
    (await metrics('--days', '5')).overhead.copy.tables.map(({ table }: { table: string }) => table),
  ).not.toContain('patient');
  expect((await metrics('--days', '11')).overhead.copy.tables.map(({ table }: { table: string }) => table)).toContain(
    'patient',
  );
  practice.writeTables(TABLES);
});

it('compares the tables first with --check, and tells missed rows from what other hands did', async () => {
  await practice.run(['run', 'patient', 'recall']);
  await practice.source.exec(`
    UPDATE patient SET LName = 'Zyzzyva late', DateTStamp = DateTStamp WHERE PatNum IN (11, 12, 13);
    DELETE FROM patient WHERE PatNum = 14`);
  await practice.warehouse.exec(`UPDATE raw.recall SET "Note" = 'Zyzzyva other' WHERE "RecallNum" = 3`);
  const { check, accuracy } = await metrics('patient', 'recall', '--check');
  expect(check).toMatchObject({ compared: 2, notCompared: [], exitCode: 3 });
  expect(accuracy).toMatchObject({
    comparedTables: 2,
    missedRows: 4,
    causes: { stamp_did_not_move: 3, deleted_in_source: 1, changed_in_raw: 1 },
    tables: [
      { table: 'patient', missedRows: 4, otherRows: 0 },
      { table: 'recall', missedRows: 0, otherRows: 1 },
    ],
    notCompared: [],
  });
  // Without --check the ledger is read as it is, and what it found becomes advice.
  expect((await metrics('patient')).accuracy).toMatchObject({ missedRows: 4, comparedTables: 1 });
  const { advice } = JSON.parse((await practice.run(['init', '--dry-run', '--json'])).stdout);
  expect(advice).toMatchObject([{ table: 'patient', code: 'changes_without_stamp', columns: ['LName'] }]);
});
