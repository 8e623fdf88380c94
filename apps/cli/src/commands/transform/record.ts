import { Flags } from '@oclif/core';
import { TidemarkCommand } from '@tidemark/command-line';

import type { RecordReport } from '../../transform/record-run-results.ts';

export default class TransformRecord extends TidemarkCommand {
  static override readonly summary = "Record what dbt did with its models, from dbt's run_results.json.";
  static override readonly description =
    'The dbt package of Tidemark records a run by itself when it ends. This is for runs that ended before that (Ctrl-C), and ' +
    'for projects without the package. What is recorded already is not counted twice. A dbt that was killed by SIGTERM or ' +
    'SIGKILL writes no run_results.json: the one that lies there is of an earlier run, which is noticed and said. It reads ' +
    'no tables.yml.';
  static override readonly flags = {
    'run-results': Flags.string({
      summary: 'Path of the artifact.',
      helpValue: 'FILE',
      default: 'target/run_results.json',
    }),
  };
  static override readonly examples = [
    {
      description: "In the dbt project's folder, after an interrupted run",
      command: '<%= config.bin %> transform record',
    },
    {
      description: 'From anywhere',
      command: '<%= config.bin %> transform record --run-results /srv/dbt/target/run_results.json',
    },
  ];

  async run(): Promise<RecordReport> {
    const { flags } = await this.parse(TransformRecord);
    // Which tables are synced does not matter to what dbt did: a wrong tables.yml must not keep it from being recorded.
    const setup = await this.setUp(flags, 'ignored');
    const [{ recordRunResults }, { renderRecord }] = await Promise.all([
      import('../../transform/record-run-results.ts'),
      import('../../transform/render-record.ts'),
    ]);
    const report = await recordRunResults(setup, flags['run-results']);
    this.present(flags, () => renderRecord(report));
    return report;
  }
}
