import { describe, expect, it } from 'vitest';

import { runResultsSchema, type RunResults } from './artifact-schema.ts';
import { toModelResults } from './to-transform-results.ts';

/** An artifact as dbt writes it, with these results. */
function artifact(results: readonly object[], args: object = { which: 'build', empty: false }): RunResults {
  return runResultsSchema.parse({
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json',
      dbt_version: '1.11.16',
      generated_at: '2026-03-01T10:01:00.000000Z',
      invocation_id: '496daa97-8e34-44e5-abac-9378dc50bf5b',
    },
    results,
    args,
  });
}

/** A result of a model that took the given seconds of one minute. */
function result(id: string, status: string, seconds: readonly [number, number] | null, response: object = {}): object {
  const at = (second: number): string => `2026-03-01T10:00:0${second}.500000Z`;
  const timing = seconds
    ? [
        { name: 'compile', started_at: at(seconds[0]), completed_at: at(seconds[0]) },
        { name: 'execute', started_at: at(seconds[1]), completed_at: at(seconds[1]) },
      ]
    : [];
  return { unique_id: id, status, timing, adapter_response: response, message: 'Key (LName)=(Smith)', failures: null };
}

describe('toModelResults', () => {
  it('takes models only, by name, with their version', () => {
    const { results } = toModelResults(
      artifact([
        result('operation.tidemark.tidemark-on-run-start-0', 'success', [0, 1]),
        result('model.mart.patients.v2', 'success', [1, 2], { rows_affected: 12 }),
        result('test.mart.not_null_patients', 'fail', [2, 3]),
        result('seed.mart.codes', 'success', [2, 3]),
      ]),
    );
    expect(results).toEqual([
      {
        model: 'patients.v2',
        status: 'success',
        error: null,
        rows: 12,
        startedAt: '2026-03-01T10:00:01.500000Z',
        finishedAt: '2026-03-01T10:00:02.500000Z',
      },
    ]);
  });

  it("keeps dbt's word for a failure and drops its message", () => {
    const words = ['error', 'skipped', 'fail', 'runtime error', 'partial success'];
    const { results } = toModelResults(artifact(words.map((word, index) => result(`model.m.m${index}`, word, [1, 2]))));
    expect(results.map(({ status, error }) => [status, error])).toEqual(words.map((word) => ['failed', word]));
    expect(JSON.stringify(results)).not.toContain('Smith');
  });

  it('takes a model that was skipped for as late as the last one that was not', () => {
    const { results } = toModelResults(
      artifact([
        result('model.m.after', 'skipped', null),
        result('test.m.late', 'pass', [3, 4]),
        result('model.m.broken', 'error', [1, 2]),
        // The hook that records is no part of what it records.
        result('operation.tidemark.tidemark-on-run-end-0', 'success', [8, 9]),
      ]),
    );
    expect(results.map(({ model, finishedAt }) => [model, finishedAt])).toEqual([
      ['after', '2026-03-01T10:00:04.500000Z'],
      ['broken', '2026-03-01T10:00:02.500000Z'],
    ]);
    const nothingDone = toModelResults(artifact([result('model.m.after', 'skipped', null)]));
    expect(nothingDone.results[0]?.finishedAt).toBe('2026-03-01T10:01:00.000000Z');
  });

  it.each([{ rows_affected: -1 }, { rows_affected: 1.5 }, { rows_affected: 1e30 }, { rows_affected: 'many' }, {}])(
    'knows no rows of %j',
    (response) => {
      expect(
        toModelResults(artifact([result('model.m.view', 'success', [1, 2], response)])).results[0]?.rows,
      ).toBeNull();
    },
  );

  it.each([
    { which: 'compile' },
    { which: 'generate' },
    { which: 'show' },
    { which: 'clone' },
    { which: 'build', empty: true },
    { which: 'run', sample: '1 day' },
  ])('says nothing of what %j did', (args) => {
    expect(toModelResults(artifact([result('model.m.patients', 'success', [1, 2])], args)).results).toEqual([]);
  });

  it('records what an artifact without the command says', () => {
    expect(toModelResults(artifact([result('model.m.patients', 'success', [1, 2])], {})).results).toHaveLength(1);
  });

  it('names models whose status is not known, and leaves out those that had nothing to do', () => {
    const told = toModelResults(
      artifact([result('model.m.a', 'marvellous', [1, 2]), result('model.m.b', 'no-op', null)]),
    );
    expect(told).toEqual({ results: [], unclear: [{ model: 'a', status: 'marvellous' }] });
  });

  it('has one result for two models of one name: the worse', () => {
    const good = result('model.one.patients', 'success', [3, 4]);
    const bad = result('model.two.patients', 'error', [1, 2]);
    for (const results of [
      [good, bad],
      [bad, good],
    ]) {
      expect(toModelResults(artifact(results)).results.map(({ error }) => error)).toEqual(['error']);
    }
  });
});
