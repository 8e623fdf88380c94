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

export default class Run extends WorkCommand {
  static override readonly summary =
    'Copy what changed from the source to the replica, then load it into the warehouse.';
  static override readonly description =
    'Each table is loaded as soon as it is copied. A table that fails stops no other one, and its next run goes on from ' +
    'its last success. Exit code: 0 all went well, 1 some tables failed, 2 nothing could be begun, 5 tables were left ' +
    'because another run holds them, 130 or 143 stopped by a signal.';
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
    { description: 'Every table', command: '<%= config.bin %> run' },
    {
      description: 'Two tables, and those tagged billing',
      command: '<%= config.bin %> run patient appointment --select tag:billing',
    },
    {
      description: 'Only what failed last time, for a script',
      command: '<%= config.bin %> run --select result:error --json',
    },
  ];

  async run(): Promise<RunReport | PlanReport> {
    const { args, flags } = await this.parse(Run);
    const terms = toTerms(args.table, flags);
    const fullRefresh = flags['full-refresh'];
    if (flags['dry-run']) return this.planOnly(flags, { terms, fullRefresh });
    return this.work(flags, {
      hops: ['copy', 'load'],
      terms,
      fullRefresh,
      allowDeletes: flags['allow-deletes'],
      ignoreWindow: flags['ignore-window'],
    });
  }
}
