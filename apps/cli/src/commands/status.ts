import { SELECTION_FLAGS, TABLE_ARGS, TidemarkCommand, toTerms } from '@tidemark/command-line';

import type { StatusReport } from '../status/read-status.ts';

export default class Status extends TidemarkCommand {
  static override readonly summary =
    'Show how far each table is: copied, loaded, transformed, and how old its rows are.';
  static override readonly description =
    'Reads the tracking tables of the replica and the warehouse; the source is not asked. The lag is the age of the ' +
    "source's time that the rows in the warehouse stand for.";
  static override readonly args = TABLE_ARGS;
  static override readonly flags = SELECTION_FLAGS;
  static override readonly examples = [
    { description: 'All tables', command: '<%= config.bin %> status' },
    { description: 'What failed last time', command: '<%= config.bin %> status --select result:error' },
    {
      description: 'Lag of a table in seconds',
      command: `<%= config.bin %> status patient --json | jq '.tables[0].lagSeconds'`,
    },
  ];

  async run(): Promise<StatusReport> {
    const { args, flags } = await this.parse(Status);
    const setup = await this.setUp(flags);
    const [{ readStatus }, { renderStatus }] = await Promise.all([
      import('../status/read-status.ts'),
      import('../status/render-status.ts'),
    ]);
    const report = await readStatus(setup, toTerms(args.table, flags));
    this.present(flags, () => renderStatus(report));
    return report;
  }
}
