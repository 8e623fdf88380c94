import { Flags } from '@oclif/core';

import { SELECTION_FLAGS, TABLE_ARGS, TidemarkCommand, toTerms } from '@tidemark/command-line';
import type { InitReport } from '../init/init-report.ts';

export default class Init extends TidemarkCommand {
  static override readonly summary =
    'Look at the source and write tables.yml: key, columns and strategy of every table, with the reasons.';
  static override readonly description =
    'The source is asked for descriptions only. Where tables.yml is there already, new tables are added below and ' +
    'everything else stays as it is, to the byte; what has drifted is reported. What runs have seen of the columns is ' +
    'taken into account where the replica can be reached.';
  static override readonly args = TABLE_ARGS;
  static override readonly flags = {
    ...SELECTION_FLAGS,
    'dry-run': Flags.boolean({ summary: 'Say what would be written, and write nothing.' }),
    update: Flags.boolean({
      summary: 'Also change entries that are there, where there is advice about them or a column is lost.',
      exclusive: ['force'],
    }),
    force: Flags.boolean({ summary: 'Write the file anew, whatever is in it.' }),
  };
  static override readonly examples = [
    { description: 'A first tables.yml', command: '<%= config.bin %> init' },
    { description: 'After an upgrade of OpenDental', command: '<%= config.bin %> init --dry-run' },
    { description: 'Take advice for one table', command: '<%= config.bin %> init --update appointment' },
    { description: 'Drift only', command: `<%= config.bin %> init --dry-run --json | jq .drift` },
  ];

  async run(): Promise<InitReport> {
    const { args, flags } = await this.parse(Init);
    const setup = await this.setUp(flags, flags.force ? 'ignored' : 'optional');
    const [{ initTables }, { renderInit }] = await Promise.all([
      import('../init/init-tables.ts'),
      import('../init/render-init.ts'),
    ]);
    const input = { terms: toTerms(args.table, flags), dryRun: flags['dry-run'], update: flags.update };
    const report = await initTables(setup, input);
    this.present(flags, () => renderInit(report));
    return report;
  }
}
