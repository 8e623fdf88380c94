import {
  ALLOW_DELETES_FLAG,
  DRY_RUN_FLAG,
  FULL_REFRESH_FLAG,
  IGNORE_WINDOW_FLAG,
  JOBS_FLAG,
  RETRIES_FLAG,
  SELECTION_FLAGS,
  TABLE_ARGS,
  toTerms,
} from '@tidemark/command-line';
import type { RunReport } from '@tidemark/command-line/run';

import { WorkCommand } from '../command-line/work-command.ts';
import type { PlanReport } from '../plan/plan-tables.ts';

export default class Copy extends WorkCommand {
  static override readonly summary = 'Copy what changed from the source to the replica; the warehouse is not needed.';
  static override readonly description = 'The first half of tidemark run, with the same exit codes.';
  static override readonly args = TABLE_ARGS;
  static override readonly flags = {
    ...SELECTION_FLAGS,
    ...JOBS_FLAG,
    ...RETRIES_FLAG,
    ...FULL_REFRESH_FLAG,
    ...ALLOW_DELETES_FLAG,
    ...IGNORE_WINDOW_FLAG,
    ...DRY_RUN_FLAG,
  };
  static override readonly examples = [
    { description: 'Every table', command: '<%= config.bin %> copy' },
    {
      description: 'All but the logs, one table at a time',
      command: `<%= config.bin %> copy --exclude 'securitylog*' --jobs 1`,
    },
    { description: 'Read a table whole again', command: '<%= config.bin %> copy patient --full-refresh' },
  ];

  async run(): Promise<RunReport | PlanReport> {
    const { args, flags } = await this.parse(Copy);
    const terms = toTerms(args.table, flags);
    const fullRefresh = flags['full-refresh'];
    if (flags['dry-run']) return this.planOnly(flags, { terms, fullRefresh });
    return this.work(flags, {
      hops: ['copy'],
      terms,
      fullRefresh,
      allowDeletes: flags['allow-deletes'],
      ignoreWindow: flags['ignore-window'],
    });
  }
}
