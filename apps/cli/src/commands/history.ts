import { Args, Flags } from '@oclif/core';
import { TidemarkCommand } from '@tidemark/command-line';

import type { HistoryReport } from '../history/read-history.ts';

export default class History extends TidemarkCommand {
  static override readonly summary = 'Show past runs of the tables, newest first.';
  static override readonly args = {
    table: Args.string({ description: 'Only runs of this table.', ignoreStdin: true }),
  };
  static override readonly flags = {
    limit: Flags.integer({ char: 'n', summary: 'Show at most so many.', helpValue: 'N', min: 1, default: 20 }),
    run: Flags.string({ summary: 'Only what one run did.', helpValue: 'RUN-ID' }),
  };
  static override readonly examples = [
    { description: 'The last runs of a table', command: '<%= config.bin %> history patient' },
    { description: 'Everything one run did', command: '<%= config.bin %> history --run RUN-ID --limit 1000' },
    {
      description: 'Failures among the last thousand',
      command: `<%= config.bin %> history -n 1000 --json | jq '.runs[] | select(.status == "failed")'`,
    },
  ];

  async run(): Promise<HistoryReport> {
    const { args, flags } = await this.parse(History);
    const setup = await this.setUp(flags);
    const [{ readHistory }, { renderHistory }] = await Promise.all([
      import('../history/read-history.ts'),
      import('../history/render-history.ts'),
    ]);
    const asked = { table: args.table, runId: flags.run, limit: flags.limit };
    const report = await readHistory(setup, asked);
    this.present(flags, () => renderHistory(report, asked));
    return report;
  }
}
