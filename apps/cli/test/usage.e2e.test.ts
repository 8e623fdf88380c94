import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openPractice, type Practice } from './testing/practice.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await openPractice();
  await practice.run(['migrate']);
  await practice.run(['run']);
});

afterAll(async () => {
  await practice[Symbol.asyncDispose]();
});

describe('what names no table is a slip, in every command that takes tables', () => {
  it.each(['run', 'copy', 'load', 'plan', 'verify', 'status', 'history', 'metrics'])('%s nosuch', async (command) => {
    const { code, stderr } = await practice.run([command, 'nosuch']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('(TABLE_UNKNOWN)') });
  });

  it.each(['run', 'copy', 'load', 'plan', 'verify', 'status', 'metrics'])('%s --select nosuch*', async (command) => {
    const { code, stdout } = await practice.run([command, '--select', 'nosuch*', '--json']);
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 2, error: { code: 'TABLE_UNKNOWN' } });
  });

  it('an empty term', async () => {
    for (const args of [['--select', ''], ['--select', 'patient,'], ['--exclude', ''], ['']]) {
      const { code, stderr } = await practice.run(['plan', ...args]);
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('the name of a table is empty (CONFIG_INVALID)'),
      });
    }
  });

  it('but a result that no table has is none', async () => {
    expect(await practice.run(['run', '--select', 'result:error'])).toMatchObject({
      code: 0,
      stdout: 'No table is selected.\n',
    });
  });
});

it('history takes a table in any case, and a model of dbt', async () => {
  const { stdout } = await practice.run(['history', 'Patient', '--json']);
  const { runs } = JSON.parse(stdout);
  expect(runs.map(({ table, hop }: { table: string; hop: string }) => [table, hop])).toEqual([
    ['patient', 'load'],
    ['patient', 'copy'],
  ]);
  await practice.warehouse.exec(
    `INSERT INTO raw.etl_transform_status (table_name, transformation_status) VALUES ('stg_patient', 'success')`,
  );
  expect(await practice.run(['history', 'stg_patient'])).toMatchObject({ code: 0, stdout: 'No run is recorded.\n' });
  expect(await practice.run(['history', 'p*'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('p* is not'),
  });
});

describe('history --run', () => {
  const NOBODY = '01900000-0000-7000-8000-000000000000';

  it.each([NOBODY, NOBODY.slice(0, 8), `${NOBODY}0`, 'no such'])(
    'of %s, which no record has, is a slip',
    async (id) => {
      const { code, stdout } = await practice.run(['history', '--run', id, '--json']);
      expect({ code, ...JSON.parse(stdout) }).toEqual({
        code: 2,
        error: {
          code: 'RUN_UNKNOWN',
          message: `there is no record of a run ${id}`,
          hint: expect.stringContaining('tidemark history'),
        },
      });
      expect(await practice.run(['history', 'patient', '--run', id])).toMatchObject({ code: 2, stdout: '' });
    },
  );

  it('of a table that the run did not come to says so', async () => {
    const { stdout } = await practice.run(['run', 'patient', '--json']);
    const { runId } = JSON.parse(stdout);
    const ofRun = await practice.run(['history', '--run', runId, '--json']);
    expect(JSON.parse(ofRun.stdout).runs).toHaveLength(2);
    expect(await practice.run(['history', 'recall', '--run', runId])).toMatchObject({
      code: 0,
      stdout: `Run ${runId} has no record of recall.\n`,
    });
    const asJson = await practice.run(['history', 'recall', '--run', runId, '--json']);
    expect({ code: asJson.code, ...JSON.parse(asJson.stdout) }).toEqual({ code: 0, runs: [] });
  });
});

describe('the words of the command line', () => {
  it.each([
    [
      ['help', 'run'],
      ['run', '--help'],
    ],
    [['help'], ['--help']],
    [
      ['help', 'transform', 'record'],
      ['transform', 'record', '--help'],
    ],
    [
      ['--', 'run', '--help'],
      ['run', '--help'],
    ],
  ])('%j is %j', async (given, meant) => {
    const helped = await practice.run(given);
    expect(helped).toMatchObject({ code: 0, stdout: expect.stringContaining('USAGE') });
    expect(helped).toEqual(await practice.run(meant));
  });

  it('a command that is not there is told as it was typed', async () => {
    expect(await practice.run(['migrate', 'patient'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^Error: there is no command migrate patient \(CONFIG_INVALID\)\n {2}→ .*COMMAND --help/,
      ),
    });
    expect(await practice.run(['help', 'nosuch'])).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('TIDEMARK_ENV_FILE', () => {
  it('names the file where npx would take the flag for its own', async () => {
    writeFileSync(join(practice.folder, 'other.env'), 'MYSQL_REPLICATION_PORT=none\n');
    const environment = { TIDEMARK_ENV_FILE: 'other.env', MYSQL_REPLICATION_PORT: '' };
    const { code, stderr } = await practice.run(['status'], environment);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('MYSQL_REPLICATION_PORT') });
    const missing = await practice.run(['status'], { TIDEMARK_ENV_FILE: '/nowhere/.env' });
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('/nowhere/.env: cannot be read') });
  });
});
