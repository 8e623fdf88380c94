import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { TidemarkError } from '@tidemark/errors';
import { afterAll, describe, expect, it } from 'vitest';

import { readLaterInvocation, readRunResults } from './read-artifact.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidemark-artifact-'));
const path = join(folder, 'run_results.json');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function metadata(kind: string, minute: number, id = 'one'): object {
  return {
    dbt_schema_version: `https://schemas.getdbt.com/dbt/${kind}.json`,
    generated_at: `2026-03-01T10:0${minute}:00.000000Z`,
    invocation_id: id,
  };
}

function write(content: unknown): void {
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
}

function refusal(): string {
  try {
    readRunResults(path);
  } catch (error) {
    if (error instanceof TidemarkError && error.code === 'CONFIG_INVALID') return error.message.replace(path, 'FILE');
    throw error;
  }
  return 'none';
}

describe('readRunResults', () => {
  it('says what is wrong with a file, and nothing of what stands in it', () => {
    expect(refusal()).toBe('cannot read FILE: there is no such file');
    write('{"results": [{"message": "Key (LName)=(Smith)"');
    expect(refusal()).toBe('FILE is no JSON, or only a part of one');
    write('');
    expect(refusal()).toBe('FILE is no JSON, or only a part of one');
    write(['Smith']);
    expect(refusal()).toBe('FILE is no run_results.json of dbt');
    write({ metadata: metadata('manifest/v12', 0), nodes: {} });
    expect(refusal()).toBe('FILE is no run_results.json of dbt');
    write({ metadata: metadata('run-results/v4', 0), results: [] });
    expect(refusal()).toBe('FILE has version 4 of run_results.json');
    const result = { unique_id: 'model.m.m', status: 'success', timing: [{ started_at: 'Smith' }] };
    write({ metadata: metadata('run-results/v6', 0), results: [result] });
    expect(refusal()).toBe('FILE: results.0.timing.0.started_at is not as dbt writes it');
  });

  it.each(['x'.repeat(256), '', 'a\0b', 'a\nb'])('refuses a name that no record can have: %j', (name) => {
    write({
      metadata: metadata('run-results/v6', 0),
      results: [{ unique_id: `model.m.${name}`, status: 'success', timing: [] }],
    });
    expect(refusal()).toBe('FILE: results.0.unique_id is not as dbt writes it');
    write({
      metadata: metadata('run-results/v6', 0),
      results: [{ unique_id: `test.m.${name}`, status: 'pass', timing: [] }],
    });
    expect(refusal()).toBe('none');
  });

  it.each(['run-results/v5', 'run-results/v6', 'run-results/v7'])('reads %s', (kind) => {
    write({ metadata: metadata(kind, 0), results: [], elapsed_time: 1.5 });
    expect(readRunResults(path).metadata.invocation_id).toBe('one');
  });

  it('refuses times of the future, beside which later runs would not count', () => {
    const ahead = new Date(Date.now() + 2 * 86_400_000).toISOString();
    const timing = [{ name: 'execute', started_at: ahead, completed_at: ahead }];
    write({
      metadata: metadata('run-results/v6', 0),
      results: [{ unique_id: 'model.m.m', status: 'success', timing }],
    });
    expect(refusal()).toBe('FILE has times of the future');
    write({ metadata: { ...metadata('run-results/v6', 0), generated_at: ahead }, results: [] });
    expect(refusal()).toBe('FILE has times of the future');
  });

  it('takes a time without a zone for UTC', () => {
    const timing = [{ name: 'execute', started_at: '2026-03-01T10:00:00.25', completed_at: null }];
    const result = { unique_id: 'model.m.m', status: 'error', timing, adapter_response: {} };
    write({ metadata: metadata('run-results/v6', 0), results: [result] });
    expect(readRunResults(path).results[0]?.timing).toEqual([
      { started_at: '2026-03-01T10:00:00.25Z', completed_at: null },
    ]);
  });
});

describe('readLaterInvocation', () => {
  it('knows a run that began after the results were written', () => {
    write({ metadata: metadata('run-results/v6', 5), results: [] });
    const results = readRunResults(path);
    const manifest = join(folder, 'manifest.json');
    expect(readLaterInvocation(path, results)).toBeNull();
    // The run's own manifest, one of an earlier run, one of a later.
    const cases = [
      { minute: 4, id: 'one', later: null },
      { minute: 3, id: 'two', later: null },
      { minute: 6, id: 'two', later: { invocationId: 'two', generatedAt: '2026-03-01T10:06:00.000000Z' } },
    ];
    for (const { minute, id, later } of cases) {
      writeFileSync(manifest, JSON.stringify({ metadata: metadata('manifest/v12', minute, id), nodes: {} }));
      expect(readLaterInvocation(path, results)).toEqual(later);
    }
  });
});
