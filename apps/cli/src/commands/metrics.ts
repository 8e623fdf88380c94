import { Flags } from '@oclif/core';

import { SELECTION_FLAGS, TABLE_ARGS, TidemarkCommand, toTerms } from '@tidemark/command-line';
import type { MetricsReport } from '../metrics/metrics-report.ts';

export default class Metrics extends TidemarkCommand {
  static override readonly summary =
    'Measure coverage, missed updates, duplicate keys and what tracking costs; each with what it means.';
  static override readonly description =
    'Reads the tracking tables, the history and the catalog of the warehouse; the source is not asked. Raw tables ' +
    'without a unique index on their key are read to count.';
  static override readonly args = TABLE_ARGS;
  static override readonly flags = {
    ...SELECTION_FLAGS,
    days: Flags.integer({ summary: 'How far back the history counts.', helpValue: 'N', min: 1, default: 30 }),
    prometheus: Flags.boolean({ summary: 'Print the text format of Prometheus.', exclusive: ['json'] }),
    output: Flags.string({
      char: 'o',
      summary: "Write it to this file, in one step; node_exporter's textfile collector takes *.prom.",
      helpValue: 'FILE',
      dependsOn: ['prometheus'],
    }),
  };
  static override readonly examples = [
    { description: 'The four numbers', command: '<%= config.bin %> metrics' },
    {
      description: 'For node_exporter, after each run',
      command: '<%= config.bin %> metrics --prometheus --output /var/lib/node_exporter/tidemark.prom',
    },
    {
      description: 'Share of the time that tracking took',
      command: `<%= config.bin %> metrics --json | jq '.overhead.copy.timeShare'`,
    },
  ];

  async run(): Promise<MetricsReport> {
    const { args, flags } = await this.parse(Metrics);
    const setup = await this.setUp(flags);
    const [{ measureMetrics }, { renderMetrics }, { toPrometheus }, { writeFileAtomically }] = await Promise.all([
      import('../metrics/measure-metrics.ts'),
      import('../metrics/render-metrics.ts'),
      import('../metrics/to-prometheus.ts'),
      import('../files/write-file-atomically.ts'),
    ]);
    const report = await measureMetrics(setup, { terms: toTerms(args.table, flags), days: flags.days });
    if (flags.output !== undefined) writeFileAtomically(flags.output, toPrometheus(report));
    else if (flags.prometheus) process.stdout.write(toPrometheus(report));
    else this.present(flags, () => renderMetrics(report));
    return report;
  }
}
