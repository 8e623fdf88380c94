import { setTimeout as sleep } from 'node:timers/promises';

import type { Pipeline } from '@tidemark/proofs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { DbtProject } from './testing/dbt-project.ts';
import { dbtOrNull, openPractice, TABLES, type Practice } from './testing/practice.ts';
import { forgetRuns, recordedRows, statusOf } from './testing/rows.ts';

/** Models beside those of the example: one that fails, one that can be waited for, one behind each. */
const FURTHER_MODELS = {
  'models/broken.sql': `{{ config(enabled=var('broken', false)) }} select 1 / 0 as x from {{ ref('patients') }}`,
  'models/after_broken.sql': `{{ config(enabled=var('broken', false)) }} select * from {{ ref('broken') }}`,
  'models/slow.sql': `{{ config(enabled=var('slow', false)) }} select pg_sleep(60)::text as x from {{ ref('patients') }} limit 1`,
  'models/after_slow.sql': `{{ config(enabled=var('slow', false)) }} select * from {{ ref('slow') }}`,
};

const dbt = await dbtOrNull();

describe.skipIf(dbt === null)('the record of a run', () => {
  let practice: Practice;
  let pipeline: Pipeline;
  let project: DbtProject;

  beforeAll(async () => {
    practice = await openPractice(dbt ?? '');
    ({ pipeline, project } = practice);
    for (const [path, content] of Object.entries(FURTHER_MODELS)) project.write(path, content);
  });

  afterAll(() => practice[Symbol.asyncDispose]());

  const SLOW = `FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(60)%'
  AND state = 'active' AND pid <> pg_backend_pid()`;

  /** Waits until the warehouse is at the model that takes long. */
  async function untilSlow(): Promise<void> {
    while ((await pipeline.warehouse.query(`SELECT pid ${SLOW}`)).length === 0) await sleep(50);
  }

  /** `tidemark transform record` on the project's artifact. */
  async function record(): Promise<{ recorded: number; skipped: number; laterInvocation: unknown; models: unknown[] }> {
    const { code, stdout, stderr } = await practice.command.run([
      'transform',
      'record',
      '--json',
      '--run-results',
      `${project.folder}/target/run_results.json`,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout);
  }

  it('builds the example, warns of nothing, and records every model', async () => {
    const { code, printed } = await project.run(['build', '--show-all-deprecations']);
    expect(printed).not.toMatch(/\[warn|warning|deprecat/i);
    expect({ code, printed }).toMatchObject({ code: 0, printed: expect.stringContaining('WARN=0') });
    expect(await statusOf(pipeline)).toEqual({
      appointments: 'success',
      etl_load_status: 'success',
      etl_tracking: 'success',
      etl_transform_status: 'success',
      patients: 'success',
      production_by_provider: 'success',
    });
    const rows = await pipeline.warehouse.query(
      `SELECT rows_transformed = (SELECT count(*) FROM marts.patients) AS equal FROM raw.etl_transform_status
       WHERE table_name = 'patients'`,
    );
    expect(rows).toEqual([{ equal: true }]);
    expect(await record()).toMatchObject({ recorded: 0, skipped: 6, laterInvocation: null });
  });

  it('shows the tiers side by side in models that are no table of Tidemark', async () => {
    const tiers = await pipeline.warehouse.query(
      `SELECT table_name, load_status, models::int, models_failed::int, transformed_since_load
       FROM marts.tidemark_tracking ORDER BY table_name`,
    );
    const each = (table: string): object => ({
      table_name: table,
      load_status: 'success',
      models: 1,
      models_failed: 0,
      transformed_since_load: true,
    });
    expect(tiers).toEqual(TABLES.toSorted().map(each));
    const kinds = await pipeline.warehouse.query(
      `SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname ~ '^(etl|tidemark)_.*_status$' ORDER BY 1, 2`,
    );
    expect(kinds).toEqual([
      { schema: 'marts', name: 'tidemark_load_status', kind: 'v' },
      { schema: 'marts', name: 'tidemark_transform_status', kind: 'v' },
      { schema: 'raw', name: 'etl_load_status', kind: 'r' },
      { schema: 'raw', name: 'etl_transform_status', kind: 'r' },
    ]);
  });

  it('records a failing model as failed, what is behind it as skipped, and the same as the command does', async () => {
    const { code } = await project.run(['build', '--vars', '{broken: true}']);
    expect(code).toBe(1);
    expect(await statusOf(pipeline)).toMatchObject({ broken: 'error', after_broken: 'skipped', patients: 'success' });
    expect(project.target('run_results.json')).toContain('division by zero');
    await forgetRuns(pipeline.warehouse);
    expect((await project.run(['retry', '--vars', '{broken: true}'])).code).toBe(1);
    const byPackage = await recordedRows(pipeline.warehouse);
    expect(byPackage.history).toHaveLength(2);
    expect(JSON.stringify(byPackage)).not.toContain('division');
    await forgetRuns(pipeline.warehouse);
    expect(await record()).toMatchObject({ recorded: 2, skipped: 0 });
    expect(await recordedRows(pipeline.warehouse)).toEqual(byPackage);
  });

  it('leaves to the command what an interrupted run has built; a killed one leaves an artifact that is known', async () => {
    await forgetRuns(pipeline.warehouse);
    const built = ['appointments', 'etl_load_status', 'etl_tracking', 'etl_transform_status', 'patients'];
    const vars = ['build', '--threads', '1', '--exclude', 'production_by_provider', '--vars', '{slow: true}'];
    const interrupted = project.start(vars);
    await untilSlow();
    interrupted.process.kill('SIGINT');
    expect((await interrupted.ended).code).not.toBe(0);
    expect(await statusOf(pipeline)).toEqual({});
    const first = await record();
    const states = await statusOf(pipeline);
    expect(first).toMatchObject({ recorded: Object.keys(states).length, laterInvocation: null });
    expect(built).toEqual(expect.arrayContaining(Object.keys(states).filter((model) => !model.includes('slow'))));
    expect(states).toMatchObject({ patients: 'success' });
    expect(states['slow']).not.toBe('success');
    const killed = project.start(vars);
    await untilSlow();
    killed.process.kill('SIGKILL');
    await killed.ended;
    await pipeline.warehouse.exec(`SELECT pg_terminate_backend(pid, 5000) ${SLOW}`);
    const again = await record();
    expect(again).toMatchObject({ recorded: 0, skipped: first.recorded });
    const { metadata } = JSON.parse(project.target('manifest.json'));
    expect(again.laterInvocation).toMatchObject({ invocationId: metadata.invocation_id });
    expect(await statusOf(pipeline)).toEqual(states);
  });

  it('counts a view whose rows nobody knows as built, and leaves the count that it had', async () => {
    await pipeline.warehouse.exec(`UPDATE raw.etl_transform_status SET rows_transformed = 77`);
    expect((await project.run(['run', '--select', 'etl_load_status', 'appointments'])).code).toBe(0);
    const counts = await pipeline.warehouse.query(
      `SELECT table_name, rows_transformed = 77 AS kept FROM raw.etl_transform_status
       WHERE table_name IN ('etl_load_status', 'appointments') ORDER BY 1`,
    );
    expect(counts).toEqual([
      { table_name: 'appointments', kept: false },
      { table_name: 'etl_load_status', kept: true },
    ]);
  });

  it('leaves the status to a later result that the history has already', async () => {
    await pipeline.loadTracking.recordTransforms('later', [
      {
        model: 'appointments',
        status: 'failed',
        error: 'error',
        rows: null,
        startedAt: '2100-01-01T00:00:00Z',
        finishedAt: '2100-01-01T00:00:00Z',
      },
    ]);
    expect((await project.run(['run', '--select', 'appointments', 'etl_load_status'])).code).toBe(0);
    expect(await statusOf(pipeline)).toMatchObject({ appointments: 'error', etl_load_status: 'success' });
    expect(await pipeline.loadTracking.history({ table: 'appointments', limit: 1 })).toMatchObject([
      { status: 'success', hop: 'transform' },
    ]);
  });

  it('says nothing of models that were compiled, or built without rows, or for somebody alone', async () => {
    const before = await recordedRows(pipeline.warehouse);
    expect((await project.run(['build', '--empty', '--select', 'package:tidemark', 'appointments'])).code).toBe(0);
    expect(await recordedRows(pipeline.warehouse)).toEqual(before);
    expect(await record()).toMatchObject({ recorded: 0, skipped: 0, models: [] });
    // The views are whole all the same.
    expect(await pipeline.warehouse.query('SELECT count(*)::int AS tables FROM marts.tidemark_load_status')).toEqual([
      { tables: TABLES.length },
    ]);
    const others = ['run', '--select', 'appointments', '--vars', '{tidemark_record_targets: [production]}'];
    expect((await project.run(others)).code).toBe(0);
    expect(await recordedRows(pipeline.warehouse)).toEqual(before);
  });

  it('builds over no table that Tidemark writes, whatever a project makes of schemas and names', async () => {
    project.write(
      'macros/names.sql',
      `{% macro generate_schema_name(custom_schema_name, node) %}raw{% endmacro %}
       {% macro generate_alias_name(custom_alias_name=none, node=none) %}{{ node.name }}{% endmacro %}`,
    );
    const own = await project.run(['build']);
    expect(own.printed).toMatch(/would be built as raw\.etl_\w+_status, over a table that Tidemark writes/);
    expect(own.code).toBe(2);
    project.remove('macros/names.sql');
    project.write('models/over.sql', `{{ config(schema='raw', alias='patient') }} select 1 as x`);
    project.write(
      'macros/names.sql',
      `{% macro generate_schema_name(custom_schema_name, node) %}{{ custom_schema_name or target.schema }}{% endmacro %}`,
    );
    const over = await project.run(['build']);
    expect(over.printed).toContain("model 'over' of package 'tidemark_example' would be built as raw.patient");
    project.remove('models/over.sql');
    // Verbatim custom schemas alone do no harm, not even the schema of the raw tables.
    project.write(
      'dbt_project.yml',
      `name: tidemark_example\nversion: 0.1.0\nprofile: tidemark_example\nmodels: {tidemark: {+schema: raw}}\n`,
    );
    expect(await project.run(['build', '--select', 'package:tidemark'])).toMatchObject({ code: 0 });
    const kept = await pipeline.warehouse.query(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'raw'::regnamespace AND relkind = 'v' ORDER BY 1`,
    );
    expect(kept.map(({ name }) => name)).toEqual([
      'tidemark_load_status',
      'tidemark_tracking',
      'tidemark_transform_status',
    ]);
    await pipeline.expectEqual(...TABLES);
    project.remove('macros/names.sql');
  });
});
