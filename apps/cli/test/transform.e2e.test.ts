import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openPractice, ROW_VALUE, type Practice } from './testing/practice.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await openPractice();
});

afterAll(async () => {
  await practice[Symbol.asyncDispose]();
});

/** A run of dbt-core 1.11: one model built, one failed with the database's message, one skipped behind it. */
const ARTIFACT = {
  metadata: {
    dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json',
    dbt_version: '1.11.16',
    generated_at: '2026-03-01T10:00:09.000000Z',
    invocation_id: '496daa97-8e34-44e5-abac-9378dc50bf5b',
    env: {},
  },
  results: [
    model('patients', 'success', 1, { _message: 'SELECT 179', code: 'SELECT', rows_affected: 179 }),
    model('mart', 'error', 3, {}),
    { ...model('behind', 'skipped', 0, {}), timing: [] },
  ],
  elapsed_time: 3.5,
  args: { which: 'build', empty: false },
};

function model(name: string, status: string, second: number, response: object): object {
  const time = `2026-03-01T10:00:0${second}.250000Z`;
  return {
    unique_id: `model.clinic.${name}`,
    status,
    timing: [{ name: 'execute', started_at: time, completed_at: time }],
    message: `Database Error\n  DETAIL:  Key (LName)=(${ROW_VALUE}) already exists.`,
    adapter_response: response,
    compiled_code: `select '${ROW_VALUE}'`,
  };
}

function write(file: string, content: string): void {
  writeFileSync(join(practice.folder, file), content);
}

describe('tidemark transform record', () => {
  it('asks for migrate, and for a file that dbt wrote', async () => {
    write('run_results.json', JSON.stringify(ARTIFACT));
    const file = ['transform', 'record', '--run-results', 'run_results.json'];
    const unmigrated = await practice.run(file);
    expect(unmigrated).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('TRACKING_NOT_MIGRATED') });
    expect((await practice.run(['migrate'])).code).toBe(0);
    const missing = await practice.run(['transform', 'record']);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(
      /^Error: cannot read target\/run_results\.json: .*\n {2}→ Run it in .* --run-results/,
    );
    write('half.json', JSON.stringify(ARTIFACT).slice(0, -80));
    const half = await practice.run(['transform', 'record', '--run-results', 'half.json', '--json']);
    expect(half.code).toBe(2);
    expect(JSON.parse(half.stdout)).toMatchObject({ error: { code: 'CONFIG_INVALID' } });
  });

  it('needs no tables.yml', async () => {
    write('broken.yml', 'tables: [');
    for (const tables of ['broken.yml', 'missing.yml']) {
      const end = await practice.run(['transform', 'record', '--run-results', 'none.json', '--tables', tables]);
      expect(end).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot read none.json') });
    }
  });

  it('records an artifact once, and nothing of what dbt quotes', async () => {
    const file = ['transform', 'record', '--run-results', 'run_results.json', '--json'];
    const first = await practice.run(file);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(first.stdout)).toEqual({
      runId: ARTIFACT.metadata.invocation_id,
      generatedAt: '2026-03-01T10:00:09.000000Z',
      command: 'build',
      recorded: 3,
      skipped: 0,
      models: [
        told({ model: 'patients', status: 'success', error: null, rows: 179, second: 1 }),
        told({ model: 'mart', status: 'failed', error: 'error', rows: null, second: 3 }),
        told({ model: 'behind', status: 'failed', error: 'skipped', rows: null, second: 3 }),
      ],
      laterInvocation: null,
    });
    expect(JSON.parse((await practice.run(file)).stdout)).toMatchObject({ recorded: 0, skipped: 3 });
    const stored = await practice.warehouse.query(
      `SELECT table_name, transformation_status AS status, last_error, rows_transformed::int AS rows,
         consecutive_failures AS failures
       FROM raw.etl_transform_status ORDER BY table_name`,
    );
    expect(stored).toEqual([
      { table_name: 'behind', status: 'failed', last_error: 'skipped', rows: 0, failures: 1 },
      { table_name: 'mart', status: 'failed', last_error: 'error', rows: 0, failures: 1 },
      { table_name: 'patients', status: 'success', last_error: null, rows: 179, failures: 0 },
    ]);
    const everything = await practice.warehouse.query(
      `SELECT (SELECT json_agg(s) FROM raw.etl_transform_status s)::text || (SELECT json_agg(h) FROM raw.etl_run_history h)::text AS text`,
    );
    expect(JSON.stringify(everything)).not.toContain(ROW_VALUE);
  });

  it('says what it recorded, though the manifest beside the artifact cannot be read', async () => {
    const run = { ...ARTIFACT, metadata: { ...ARTIFACT.metadata, invocation_id: 'of-half-a-manifest' } };
    write('run_results.json', JSON.stringify(run));
    write('manifest.json', '{"metadata": {');
    const file = ['transform', 'record', '--run-results', 'run_results.json'];
    const half = await practice.run([...file, '--json']);
    expect(half).toMatchObject({ code: 0, stderr: expect.stringContaining('manifest.json is no JSON') });
    expect(JSON.parse(half.stdout)).toMatchObject({ recorded: 3, laterInvocation: null });
    rmSync(join(practice.folder, 'manifest.json'));
    mkdirSync(join(practice.folder, 'manifest.json'));
    expect(await practice.run(file)).toMatchObject({ code: 0, stderr: expect.stringContaining('it is a directory') });
  });
});

function told(recorded: { model: string; status: string; error: string | null; rows: number | null; second: number }) {
  const { second, ...rest } = recorded;
  const time = `2026-03-01T10:00:0${second}.250000Z`;
  return { ...rest, startedAt: time, finishedAt: time, recorded: true };
}
