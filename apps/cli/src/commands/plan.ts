import { FULL_REFRESH_FLAG, SELECTION_FLAGS, TABLE_ARGS, toTerms } from '@tidemark/command-line';

import { WorkCommand } from '../command-line/work-command.ts';
import type { PlanReport } from '../plan/plan-tables.ts';

export default class Plan extends WorkCommand {
  static override readonly summary = 'Say what the next run would do with each table, and why. Changes nothing.';
  static override readonly description =
    'Strategy and reason, the condition that selects changed rows, which columns it uses and which are left out, ' +
    'which index serves it, and about how many rows the table has.';
  static override readonly args = TABLE_ARGS;
  static override readonly flags = { ...SELECTION_FLAGS, ...FULL_REFRESH_FLAG };
  static override readonly examples = [
    { description: 'All tables, a line each', command: '<%= config.bin %> plan' },
    { description: 'One table, in full', command: '<%= config.bin %> plan patient' },
    {
      description: 'Tables that would be read whole',
      command: `<%= config.bin %> plan --json | jq -r '.tables[] | select(.plan == "full") | .table'`,
    },
  ];

  async run(): Promise<PlanReport> {
    const { args, flags } = await this.parse(Plan);
    return this.planOnly(flags, { terms: toTerms(args.table, flags), fullRefresh: flags['full-refresh'] });
  }
}
