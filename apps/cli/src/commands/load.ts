import {
  ALLOW_DELETES_FLAG,
  FULL_REFRESH_FLAG,
  JOBS_FLAG,
  RETRIES_FLAG,
  SELECTION_FLAGS,
  TABLE_ARGS,
  toTerms,
} from '@tidemark/command-line';
import type { RunReport } from '@tidemark/command-line/run';

import { WorkCommand } from '../command-line/work-command.ts';

export default class Load extends WorkCommand {
  static override readonly summary = 'Load what changed from the replica into the warehouse; the source is not needed.';
  static override readonly description = 'The second half of tidemark run, with the same exit codes.';
  static override readonly args = TABLE_ARGS;
  static override readonly flags = {
    ...SELECTION_FLAGS,
    ...JOBS_FLAG,
    ...RETRIES_FLAG,
    ...FULL_REFRESH_FLAG,
    ...ALLOW_DELETES_FLAG,
  };
  static override readonly examples = [
    { description: 'Every table', command: '<%= config.bin %> load' },
    {
      description: 'Go over all rows of a table again; views on it keep working',
      command: '<%= config.bin %> load patient --full-refresh',
    },
    { description: 'Only what failed last time', command: '<%= config.bin %> load --select result:error' },
  ];

  async run(): Promise<RunReport> {
    const { args, flags } = await this.parse(Load);
    return this.work(flags, {
      hops: ['load'],
      terms: toTerms(args.table, flags),
      fullRefresh: flags['full-refresh'],
      allowDeletes: flags['allow-deletes'],
      ignoreWindow: false,
    });
  }
}
