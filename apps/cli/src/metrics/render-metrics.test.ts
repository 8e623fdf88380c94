import { stripVTControlCharacters } from 'node:util';

import { expect, it } from 'vitest';

import { parsePrometheus } from '../testing/parse-prometheus.ts';
import { MEANING, type MetricsReport } from './metrics-report.ts';
import { percent, renderMetrics } from './render-metrics.ts';
import { duplicateKeyRuns, sumOverhead } from './sum-overhead.ts';
import { toPrometheus } from './to-prometheus.ts';

const sum = {
  table: 'patient',
  attempts: 5,
  measured: 4,
  elapsedMs: 2_000,
  trackingMs: 50,
  statements: 400,
  trackingStatements: 40,
  duplicateKeys: 1,
  lastDuplicateAt: '2026-03-01T21:00:00.000000Z',
};

const share = { total: 4, covered: 3, missing: ['recall'] };
const report: MetricsReport = {
  measuredAt: '2026-03-02T21:00:00.500Z',
  since: '2026-02-01T21:00:00.000Z',
  check: null,
  leftOut: [{ table: 'gone', why: 'gone_from_source' }],
  coverage: {
    copy: { incremental: share, synced: share },
    load: { incremental: share, synced: share },
    transform: null,
  },
  accuracy: null,
  duplicateKeys: {
    runs: duplicateKeyRuns('load', [sum]),
    present: [
      { table: 'patient', by: 'unique_index', keys: 0, surplusRows: 0 },
      { table: 'claim', by: 'count', keys: 2, surplusRows: 3 },
      { table: 'recall', by: 'absent' },
      { table: 'view', by: 'unknown', why: 'it is a view' },
    ],
  },
  overhead: {
    copy: sumOverhead([{ ...sum, table: 'claim', trackingMs: 60, attempts: 1, measured: 1 }, sum]),
    load: sumOverhead([]),
  },
  meaning: MEANING,
};

it('adds up what tracking costs, the dearest table first, and says nothing where nothing was measured', () => {
  const { copy, load } = report.overhead;
  expect(copy).toMatchObject({ attempts: 6, measured: 5, timeShare: 110 / 4_000, statementShare: 0.1 });
  expect(copy.tables.map(({ table }) => table)).toEqual(['claim', 'patient']);
  expect(load).toMatchObject({ measured: 0, timeShare: null, statementShare: null, tables: [] });
});

it('tells people the numbers and what they mean', () => {
  const text = stripVTControlCharacters(renderMetrics(report));
  expect(text).toMatch(/^ {2}copy +3 of 4 \(75\.0 %\) +3 of 4 \(75\.0 %\) +recall$/m);
  expect(text).toMatch(/1 run ended with DUPLICATE_KEY: patient \(load\)/);
  expect(text).toContain('claim: 2 keys more than once, 3 rows too many');
  expect(text).toContain('view: not known, it is a view');
  expect(text).toMatch(/^ {2}copy +all +5 +4s +110ms +2\.8 % +800 +80 +10\.0 %$/m);
  expect(text).toMatch(/^ {2}load +all +0 +0ms +0ms +– /m);
  expect(text).toContain('no table was compared whole yet');
  for (const meaning of Object.values(MEANING)) expect(text).toContain(meaning);
});

it.each([
  [0, '0 %'],
  [1, '100 %'],
  [0.000_001, '0.01 %'],
  [0.999_999_9, '99.99 %'],
  [0.5, '50.0 %'],
  [0.0042, '0.42 %'],
])('%d is told as %s', (value, text) => {
  expect(percent(value)).toBe(text);
});

it('is the same for Prometheus, with names of tables as labels', () => {
  const samples = parsePrometheus(toPrometheus(report));
  const value = (name: string, labels: Record<string, string> = {}) =>
    samples.find((each) => each.name === name && JSON.stringify(each.labels) === JSON.stringify(labels))?.value;
  expect(value('tidemark_metrics_timestamp_seconds')).toBe(Date.parse(report.measuredAt) / 1000);
  expect(value('tidemark_coverage_tables_covered', { hop: 'copy', of: 'incremental' })).toBe(3);
  expect(value('tidemark_duplicate_key_runs', { hop: 'load', table: 'patient' })).toBe(1);
  expect(value('tidemark_duplicate_rows', { table: 'claim' })).toBe(3);
  expect(value('tidemark_duplicate_rows', { table: 'patient' })).toBe(0);
  expect(value('tidemark_duplicate_rows', { table: 'view' })).toBeUndefined();
  expect(value('tidemark_overhead_time_ratio', { hop: 'copy' })).toBe(110 / 4_000);
  expect(value('tidemark_overhead_time_ratio', { hop: 'load' })).toBeUndefined();
});

it('tells what comparisons found, and which tables were never compared', () => {
  const accuracy = {
    comparedTables: 2,
    comparedRows: 1_000,
    missedRows: 3,
    share: 0.997,
    causes: { late_commit: 3, changed_in_raw: 1 },
    tables: [
      { table: 'claim', comparedAt: '2026-03-01T03:00:00.000Z', sourceRows: 900, missedRows: 3, otherRows: 1 },
      { table: 'patient', comparedAt: '2026-03-01T03:00:00.000Z', sourceRows: 100, missedRows: 0, otherRows: 0 },
    ],
    notCompared: ['recall'],
    inDays: { comparisons: 4, missedRows: 5 },
  };
  const text = stripVTControlCharacters(renderMetrics({ ...report, accuracy }));
  expect(text).toContain('99.70 % not missed: 3 rows missed, of 1,000 rows in 2 tables compared');
  expect(text).toContain('4 comparisons in these days found 5 missed rows');
  expect(text).toMatch(/^ {2}claim: 3, compared 2026-03-01 03:00:00 UTC$/m);
  expect(text).toContain('causes: late_commit 3, changed_in_raw 1');
  expect(text).toContain('never compared: recall');
  const check = { runId: 'RUN', compared: 2, notCompared: [{ table: 'sheet', why: 'TABLE_LOCKED' }], exitCode: 5 };
  expect(stripVTControlCharacters(renderMetrics({ ...report, check }))).toMatch(
    /^2 tables compared just now\. Run RUN\n {2}not compared: sheet \(TABLE_LOCKED\)\n\nNot in these numbers.*\n {2}gone: the source does not have it any more\n\nTracking/,
  );
  const samples = parsePrometheus(toPrometheus({ ...report, accuracy }));
  expect(samples).toContainEqual({ name: 'tidemark_accuracy_missed_rows', labels: { table: 'claim' }, value: 3 });
  expect(samples).toContainEqual({ name: 'tidemark_accuracy_compared_rows', labels: { table: 'patient' }, value: 100 });
});
