import { Flags } from '@oclif/core';

import {
  IGNORE_WINDOW_FLAG,
  JOBS_FLAG,
  SELECTION_FLAGS,
  type Setup,
  TABLE_ARGS,
  TidemarkCommand,
  toTerms,
} from '@tidemark/command-line';
import type { CheckInput } from '../metrics/check-tables.ts';
import type { CheckReport, MetricsReport } from '../metrics/metrics-report.ts';

export default class Metrics extends TidemarkCommand {
  static override readonly summary =
    'Measure coverage, missed updates, duplicate keys and what tracking costs; each with what it means.';
  static override readonly description =
    'Reads the tracking tables, the history and the catalog of the warehouse; the source is asked with --check only. Raw ' +
    'tables without a unique index on their key are read to count. Exit code: 0, also where rows were missed; with ' +
    '--check 1 or 5 where tables could not be compared.';
  static override readonly args = TABLE_ARGS;
  static override readonly flags = {
    ...SELECTION_FLAGS,
    days: Flags.integer({
      summary: 'How far back the history counts.',
      helpValue: 'N',
      min: 1,
      max: 36_500,
      default: 30,
    }),
    check: Flags.boolean({
      summary: 'Compare the tables whole first, as tidemark verify does, and measure then.',
    }),
    ...JOBS_FLAG,
    ...IGNORE_WINDOW_FLAG,
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
    const terms = toTerms(args.table, flags);
    const check = flags.check ? await this.#check(setup, { terms, ignoreWindow: flags['ignore-window'] }) : null;
    const report = await measureMetrics(setup, { terms, days: flags.days, check });
    if (flags.output !== undefined) writeFileAtomically(flags.output, toPrometheus(report));
    else if (flags.prometheus) this.log(toPrometheus(report).trimEnd());
    else this.present(flags, () => renderMetrics(report));
    return report;
  }

  async #check(setup: Setup, input: CheckInput): Promise<CheckReport> {
    const { checkTables, exitCodeOfCheck } = await import('../metrics/check-tables.ts');
    const check = await checkTables(setup, input);
    this.endWith(exitCodeOfCheck(check));
    return check;
  }
}
