import { afterAll, beforeAll, expect, it } from 'vitest';

import { openPractice, TABLES, type Practice } from './testing/practice.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await openPractice();
  await practice.run(['migrate']);
  await practice.run(['run']);
  await practice.run(['verify']);
  await practice.source.exec('DROP TABLE recall');
  await practice.run(['run']);
});

afterAll(async () => {
  await practice[Symbol.asyncDispose]();
});

async function coverageOf(...args: string[]) {
  const { stdout } = await practice.run(['doctor', '--json', ...args]);
  const { findings } = JSON.parse(stdout);
  return findings.filter(({ area }: { area: string }) => area === 'coverage');
}

async function metrics() {
  const { stdout } = await practice.run(['metrics', '--json']);
  return JSON.parse(stdout);
}

it('doctor names a table that the source lost, once, with what its runs do', async () => {
  const findings = await coverageOf();
  const named = findings.filter(({ message, check }: { message: string; check: string }) =>
    check === 'copied' ? false : message.includes('recall'),
  );
  expect(named).toEqual([
    expect.objectContaining({
      check: 'vanished',
      level: 'warning',
      message: expect.stringContaining('their runs fail (TABLE_GONE)'),
    }),
  ]);
});

it('doctor names a raw table that is spelt otherwise than in the source', async () => {
  await practice.warehouse.exec('CREATE TABLE raw."Patient" (id int); ALTER TABLE raw.program RENAME TO "Program"');
  const findings = await coverageOf();
  expect(findings).toContainEqual({
    area: 'coverage',
    check: 'raw-name',
    level: 'warning',
    message: 'raw has a table Patient, which no load writes: the source spells it patient',
    mend: 'Let what reads it read patient, then DROP TABLE "raw"."Patient";',
  });
  expect(findings).toContainEqual(
    expect.objectContaining({ mend: 'ALTER TABLE "raw"."Program" RENAME TO "program"; before the first load of it.' }),
  );
  await practice.warehouse.exec('DROP TABLE raw."Patient"; ALTER TABLE raw."Program" RENAME TO program');
  expect(await coverageOf()).not.toContainEqual(expect.objectContaining({ check: 'raw-name' }));
});

it('metrics says that a table is gone, and counts it nowhere', async () => {
  const report = await metrics();
  expect(report.leftOut).toEqual([{ table: 'recall', why: 'gone_from_source' }]);
  expect(report.coverage.copy.synced).toMatchObject({ total: 2, covered: 2 });
  expect(report.accuracy.tables.map(({ table }: { table: string }) => table)).toEqual(['patient', 'program']);
  const { stdout } = await practice.run(['metrics', '--prometheus']);
  expect(stdout).not.toContain('recall');
});

it('a table that is not in tables.yml any more is left out too, and doctor is content', async () => {
  practice.writeTables(TABLES.replace(/ {2}recall: .*\n/, ''));
  expect(await metrics()).toMatchObject({ leftOut: [{ table: 'recall', why: 'gone_from_source' }] });
  await practice.run(['run']);
  const finding = (await coverageOf()).find(({ check }: { check: string }) => check === 'vanished');
  expect(finding).toMatchObject({ level: 'info', message: expect.stringContaining('recall') });
  practice.writeTables(TABLES.replace(/ {2}program: .*\n/, ''));
  expect((await metrics()).leftOut).toContainEqual({ table: 'program', why: 'not_in_tables_yml' });
  practice.writeTables(TABLES);
});
