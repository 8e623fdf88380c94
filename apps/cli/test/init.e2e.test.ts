import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { existingFormat } from '../../../packages/config/src/testing/existing-format.ts';
import { openPractice, sourceUser, TABLES, type Practice } from './testing/practice.ts';

let practice: Practice;
let path: string;

beforeAll(async () => {
  practice = await openPractice();
  path = join(practice.folder, 'tables.yml');
  await practice.source.exec(`
    CREATE TABLE tempConv_patient77 (PatNum bigint PRIMARY KEY);
    CREATE TABLE visit (
      VisitNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, AptDateTime datetime, SecDateTEntry datetime,
      DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp
    ) ENGINE = MyISAM`);
});

afterAll(async () => {
  await practice[Symbol.asyncDispose]();
});

async function init(...args: string[]) {
  const { code, stdout, stderr } = await practice.run(['init', '--json', ...args]);
  return { code, stderr, ...JSON.parse(stdout) };
}

const yaml = (): string => readFileSync(path, 'utf8');
const of = (report: { tables: { table: string }[] }, table: string) =>
  report.tables.find((each) => each.table === table);

it('writes nothing with --dry-run, and says what it would', async () => {
  rmSync(path);
  const report = await init('--dry-run');
  expect(report).toMatchObject({ code: 0, created: true, written: false, drift: [], advice: [] });
  expect(existsSync(path)).toBe(false);
});

it('writes a file of its own, with reasons, that loads and runs', async () => {
  const report = await init();
  expect(report).toMatchObject({ code: 0, created: true, written: true });
  expect(report.evidence).toContain('TRACKING_NOT_MIGRATED');
  expect(of(report, 'patient')).toMatchObject({
    status: 'added',
    strategy: 'incremental',
    incrementalColumns: ['DateTStamp'],
    key: ['PatNum'],
    estimatedRows: 300,
  });
  expect(of(report, 'program')).toMatchObject({ status: 'added', strategy: 'full_table', incrementalColumns: [] });
  expect(of(report, 'keyless')).toMatchObject({ status: 'left_out', strategy: null });
  expect(of(report, 'tempConv_patient77')).toMatchObject({ status: 'left_out', strategy: null });
  const text = yaml();
  expect(text).toMatch(/# The server itself stamps every change in DateTStamp\. About 300 rows\.\n.*\n?  patient:/);
  expect(text).toContain('# Not used: Birthdate (a date of the business, may be set into the past or the future).');
  expect(text).toContain('# Left out: keyless. No primary key and no unique index without NULL');
  await practice.run(['migrate']);
  const run = await practice.run(['run', '--json']);
  expect(run.code).toBe(0);
  expect(JSON.parse(run.stdout).tables).toHaveLength(8);
});

it('changes nothing the second time', async () => {
  const before = yaml();
  const report = await init();
  expect(report).toMatchObject({ code: 0, created: false, written: false, advice: [] });
  expect(report.evidence).toContain('runs have seen values');
  // Only what was left out before is told again.
  expect(report.drift.map(({ table }: { table: string }) => table)).toEqual(['keyless']);
  expect(yaml()).toBe(before);
  expect((await practice.run(['init'])).stdout).toContain('tables.yml is as it was: no table to add');
});

const BY_HAND = `# mine
tables:
  recall: # hands off
    incremental_columns: [DateTStamp, Gone]
    tags: ["hourly"]
  patient:
    primary_key: [PatNum, LName]
    extraction_strategy: incremental
    incremental_columns:
    - Birthdate # a business date
  lost: {}
run: {jobs: 1}
`;

it('keeps what was written by hand, adds what is new, and reports drift with exit code 0', async () => {
  practice.writeTables(BY_HAND);
  const report = await init('--exclude', 'program');
  expect(report).toMatchObject({ code: 0, written: true });
  expect(report.drift).toMatchObject([
    { table: 'keyless', kind: 'new_table' },
    { table: 'patient', kind: 'changed_key', columns: ['PatNum'] },
    { table: 'program', kind: 'new_table', text: expect.stringContaining('Not selected') },
    { table: 'recall', kind: 'lost_columns', columns: ['Gone'] },
    { table: 'visit', kind: 'new_table' },
    { table: 'lost', kind: 'lost_table' },
  ]);
  expect(report.advice.map(({ table, code }: { table: string; code: string }) => [table, code])).toEqual([
    ['patient', 'stamp_not_used'],
    ['patient', 'business_date'],
  ]);
  const [head = '', tail = ''] = BY_HAND.split('run:');
  expect(yaml().startsWith(head)).toBe(true);
  expect(yaml().endsWith(`run:${tail}`)).toBe(true);
  expect(yaml()).toMatch(/# Not used: AptDateTime \(.*\n.*\n? *#?.*\n?  visit:/);
  const told = (await practice.run(['init', '--dry-run'])).stdout;
  expect(told).toContain('recall: the source has no column Gone');
  expect(told).toMatch(/patient: Birthdate: a date of the business.*→ incremental by DateTStamp/);
});

it('changes entries only with --update, and only what it gave advice about', async () => {
  // As some editors of Windows begin a file.
  practice.writeTables(`\uFEFF${BY_HAND}`);
  const report = await init('--update', 'patient');
  expect(of(report, 'patient')).toMatchObject({ status: 'updated' });
  expect(of(report, 'recall')).toMatchObject({ status: 'kept' });
  const once = `\uFEFF${BY_HAND}`.replace(
    'incremental_columns:\n    - Birthdate # a business date',
    'incremental_columns: [DateTStamp]',
  );
  expect(yaml()).toBe(once);
  await init('--update', 'recall');
  expect(yaml()).toBe(once.replace('[DateTStamp, Gone]', '[DateTStamp]'));
});

it('leaves the file of the older pipeline as it is, apart from additions', async () => {
  const older = existingFormat(446);
  practice.writeTables(older);
  const report = await init();
  expect(report.drift.filter(({ kind }: { kind: string }) => kind === 'lost_table')).toHaveLength(446);
  expect(yaml().startsWith(older)).toBe(true);
  expect((await init()).written).toBe(false);
});

it('refuses a file that it cannot read, unless it is to be written anew', async () => {
  const broken = 'tables:\n  patient: {incremental_columns: 7}\n';
  practice.writeTables(broken);
  const refused = await practice.run(['init']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('tables.yml:2:34');
  expect(yaml()).toBe(broken);
  expect(await init('--force', '--dry-run')).toMatchObject({ code: 0, created: true, written: false });
  expect(yaml()).toBe(broken);
  expect(await init('--force')).toMatchObject({ code: 0, created: true, written: true });
  expect(yaml()).toMatch(/^# Which tables/);
});

it('writes where it is told, and says why it cannot', async () => {
  const other = join(practice.folder, 'other.yml');
  expect((await practice.run(['init', '--tables', other])).code).toBe(0);
  expect(readFileSync(other, 'utf8')).toContain('  patient:');
  const nowhere = await practice.run(['init', '--tables', '/nowhere/tables.yml']);
  expect(nowhere).toMatchObject({ code: 2, stdout: '' });
  expect(nowhere.stderr).toContain('/nowhere/tables.yml: cannot be written: its folder does not exist');
  practice.writeTables('tables: {patient: {}}\n');
  const braces = await practice.run(['init']);
  expect(braces).toMatchObject({ code: 2, stdout: '' });
  expect(braces.stderr).toContain('tables.yml: new tables cannot be added: its tables are written in braces');
  expect(of(await init('--dry-run'), 'visit')).toMatchObject({ status: 'added' });
  const nothing = await practice.run(['init', '--force', '--select', 'zzz*']);
  expect(nothing).toMatchObject({ code: 2, stdout: '' });
  expect(yaml()).toBe('tables: {patient: {}}\n');
  expect((await practice.run(['init', '--force', '--update'])).code).toBe(2);
  expect((await practice.run(['init', 'nope'])).code).toBe(2);
  expect(readdirSync(practice.folder).toSorted()).toEqual(['other.yml', 'tables.yml']);
  practice.writeTables(TABLES);
});

it('lets doctor say the same of the columns, with what runs have seen', async () => {
  await practice.source.exec("INSERT INTO visit (AptDateTime) VALUES (NULL), ('2090-01-01'), ('2091-01-01')");
  practice.writeTables('tables:\n  visit: {incremental_columns: [DateTStamp, AptDateTime]}\n');
  await practice.run(['run']);
  const { stdout } = await practice.run(['doctor', '--json']);
  const { findings } = JSON.parse(stdout);
  const found = findings.filter(({ area }: { area: string }) => area === 'columns');
  expect(found).toMatchObject([{ check: 'business_date', level: 'info' }]);
  expect(found[0].message).toContain('2 of 3 values of AptDateTime in the future');
  expect(found[0].mend).toContain('tidemark init --update visit');
  expect((await practice.run(['init', '--update', 'visit'])).stdout).toContain('Extended tables.yml');
  expect(yaml()).toContain('visit: {extraction_strategy: incremental, incremental_columns: [DateTStamp]}');
  const mended = JSON.parse((await practice.run(['doctor', '--json'])).stdout).findings;
  expect(mended).toContainEqual(expect.objectContaining({ area: 'columns', level: 'ok' }));
});

it('proposes digest where a comparison found changes that no stamp had told of', async () => {
  practice.writeTables(TABLES);
  await practice.warehouse.exec(`
    CREATE TABLE IF NOT EXISTS raw.etl_verification (
      id bigserial PRIMARY KEY, run_id varchar(64) NOT NULL, table_name varchar(255) NOT NULL,
      started_at timestamp NOT NULL, finished_at timestamp NOT NULL, scope varchar(16) NOT NULL,
      verdict varchar(16) NOT NULL, source_rows bigint, causes jsonb, differing_columns jsonb);
    INSERT INTO raw.etl_verification
      (run_id, table_name, started_at, finished_at, scope, verdict, source_rows, causes, differing_columns)
    VALUES ('r', 'patient', now(), now(), 'full', 'differs', 300, '{"stamp_did_not_move": 4}', '{"LName": 4}')`);
  const { advice, evidence } = await init('--dry-run');
  expect(evidence).toContain('1 table was compared whole');
  expect(advice).toMatchObject([
    {
      table: 'patient',
      code: 'changes_without_stamp',
      columns: ['LName'],
      propose: { strategy: 'full_table', incrementalColumns: [] },
    },
  ]);
  const { findings } = JSON.parse((await practice.run(['doctor', '--json'])).stdout);
  expect(findings).toContainEqual(
    expect.objectContaining({ area: 'columns', check: 'changes_without_stamp', level: 'warning' }),
  );
  const { accuracy } = JSON.parse((await practice.run(['metrics', '--json'])).stdout);
  expect(accuracy).toMatchObject({ comparedTables: 1, comparedRows: 300, missedRows: 4 });
  await init('--update', 'patient');
  expect(yaml()).toContain('patient: {extraction_strategy: full_table, incremental_columns: [], tags: [people]}');
  const { tables } = JSON.parse((await practice.run(['run', 'patient', '--json'])).stdout);
  expect(tables).toMatchObject([{ strategy: 'full_table', status: 'success' }, { status: 'success' }]);
  expect((await init('--dry-run')).advice).toEqual([]);
});

it('proposes nothing for a table that some columns of are hidden, and takes none for lost', async () => {
  const { database } = practice.source.endpoint;
  await practice.source.exec('CREATE TABLE dropped (Id int PRIMARY KEY)');
  const user = await sourceUser(practice, [
    `SELECT ON \`${database}\`.patient`,
    `SELECT (RecallNum, Note) ON \`${database}\`.recall`,
    `SELECT (VisitNum) ON \`${database}\`.visit`,
    `SELECT (Id) ON \`${database}\`.dropped`,
  ]);
  // Its grant outlives it.
  await practice.source.exec('DROP TABLE dropped');
  const grant = (table: string): string => `GRANT SELECT ON \`${database}\`.\`${table}\` TO …;`;
  const hidden = 'The user may not read all of its columns, so nothing can be said of it.';
  practice.writeTables(TABLES);
  const { code, stdout } = await practice.run(['init', '--update', '--exclude', 'patient', '--json'], user);
  const report = JSON.parse(stdout);
  expect({ code, written: report.written }).toEqual({ code: 0, written: false });
  expect(of(report, 'visit')).toMatchObject({
    status: 'left_out',
    strategy: null,
    reason: `${hidden} Give it the whole table: ${grant('visit')} (\`tidemark doctor\` says to whom).`,
  });
  expect(report.drift).toContainEqual({
    table: 'recall',
    kind: 'hidden_columns',
    columns: [],
    text: `${hidden} Give it the whole table: ${grant('recall')} (\`tidemark doctor\` says to whom).`,
  });
  expect(report.drift).not.toContainEqual(expect.objectContaining({ kind: 'lost_columns' }));
  expect(report.advice).not.toContainEqual(expect.objectContaining({ table: 'recall' }));
  expect(yaml()).toBe(TABLES);
  // What is hidden is no mistake in tables.yml either.
  await practice.run(['migrate']);
  practice.writeTables(TABLES.replace('recall: {', 'recall: {primary_key: [RecallNum, DateTStamp], '));
  const doctor = (await practice.run(['doctor'], user)).stdout;
  practice.writeTables(TABLES);
  expect(doctor).toContain('1 table cannot be read: recall');
  expect(doctor).not.toContain('names columns that are not in the source');
});
