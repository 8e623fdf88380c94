import type { TableAccuracy } from './accuracy-report.ts';
import type { CoverageReport, MetricsReport, Share, TierCoverage } from './metrics-report.ts';
import { prometheusText, type Metric, type Sample } from './prometheus-text.ts';

/** The report for node_exporter's textfile collector; names of tables are the only words in it. */
export function toPrometheus(report: MetricsReport): string {
  return prometheusText([
    {
      name: 'tidemark_metrics_timestamp_seconds',
      help: 'When these numbers were measured.',
      samples: [{ value: Date.parse(report.measuredAt) / 1000 }],
    },
    ...coverageMetrics(report.coverage),
    ...accuracyMetrics(report),
    ...duplicateMetrics(report),
    ...overheadMetrics(report),
  ]);
}

function coverageMetrics({ copy, load, transform }: CoverageReport): Metric[] {
  const tiers: [string, TierCoverage][] = [
    ['copy', copy],
    ['load', load],
    ...(transform ? [['transform', transform] satisfies [string, TierCoverage]] : []),
  ];
  const samples = (valueOf: (share: Share) => number): Sample[] =>
    tiers.flatMap(([hop, tier]) => [
      { labels: { hop, of: 'incremental' }, value: valueOf(tier.incremental) },
      { labels: { hop, of: 'synced' }, value: valueOf(tier.synced) },
    ]);
  return [
    {
      name: 'tidemark_coverage_tables',
      help: 'Tables that should have a tracking record of a success.',
      samples: samples(({ total }) => total),
    },
    {
      name: 'tidemark_coverage_tables_covered',
      help: 'Tables that have a tracking record of a success.',
      samples: samples(({ covered }) => covered),
    },
  ];
}

function accuracyMetrics({ accuracy }: MetricsReport): Metric[] {
  if (accuracy === null) return [];
  const byTable = (valueOf: (table: TableAccuracy) => number): Sample[] =>
    accuracy.tables.map((table) => ({ labels: { table: table.table }, value: valueOf(table) }));
  return [
    {
      name: 'tidemark_accuracy_missed_rows',
      help: 'Rows that the last full comparison of the table found and the runs had missed.',
      samples: byTable(({ missedRows }) => missedRows),
    },
    {
      name: 'tidemark_accuracy_compared_rows',
      help: 'Rows of the source in the last full comparison of the table.',
      samples: byTable(({ sourceRows }) => sourceRows),
    },
    {
      name: 'tidemark_accuracy_compared_timestamp_seconds',
      help: 'When the table was last compared in full.',
      samples: byTable(({ comparedAt }) => Date.parse(comparedAt) / 1000),
    },
  ];
}

function duplicateMetrics({ duplicateKeys }: MetricsReport): Metric[] {
  return [
    {
      name: 'tidemark_duplicate_key_runs',
      help: 'Runs in the measured days that ended with DUPLICATE_KEY.',
      samples: duplicateKeys.runs.map(({ table, hop, attempts }) => ({ labels: { hop, table }, value: attempts })),
    },
    {
      name: 'tidemark_duplicate_rows',
      help: 'Rows in raw beyond the first of each key; 0 by the catalog where a unique index guards the key.',
      samples: duplicateKeys.present.flatMap((each) =>
        'surplusRows' in each ? [{ labels: { table: each.table }, value: each.surplusRows }] : [],
      ),
    },
  ];
}

function overheadMetrics({ overhead }: MetricsReport): Metric[] {
  const hops = [['copy', overhead.copy] as const, ['load', overhead.load] as const];
  const samples = (valueOf: (hop: (typeof hops)[number][1]) => number | null): Sample[] =>
    hops.flatMap(([hop, each]) => {
      const value = valueOf(each);
      return value === null ? [] : [{ labels: { hop }, value }];
    });
  return [
    {
      name: 'tidemark_overhead_time_ratio',
      help: 'Share of the time of the hop that went to tracking, in the measured days.',
      samples: samples(({ timeShare }) => timeShare),
    },
    {
      name: 'tidemark_overhead_statement_ratio',
      help: 'Share of the statements of the hop that went to tracking, in the measured days.',
      samples: samples(({ statementShare }) => statementShare),
    },
    {
      name: 'tidemark_overhead_tracking_seconds',
      help: 'Time that went to tracking, in the measured days.',
      samples: samples(({ trackingMs }) => trackingMs / 1000),
    },
    {
      name: 'tidemark_overhead_measured_runs',
      help: 'Runs of a table that these shares were measured in.',
      samples: samples(({ measured }) => measured),
    },
  ];
}
