import { Flags } from '@oclif/core';
import {
  ALLOW_DELETES_FLAG,
  IGNORE_WINDOW_FLAG,
  JOBS_FLAG,
  RETRIES_FLAG,
  TidemarkCommand,
} from '@tidemark/command-line';

import type { BackfillReport } from '../backfill.ts';

export default class Backfill extends TidemarkCommand {
  static override readonly summary = 'Create the tracking records that are missing, once, at a rollout.';
  static override readonly description =
    'Every table that is synced gets a record with the status pending in the tracking table of each hop that has none. ' +
    'Records that are there are not touched, whoever wrote them; running it again changes nothing. A pending record is ' +
    'no watermark: the first run of its table reads everything. Exit code: 0 all records are there and all that was to be ' +
    'taken over is, 1 some tables could not be taken over, 2 it could not begin, 5, 130 and 143 as of tidemark run.';
  static override readonly flags = {
    adopt: Flags.boolean({
      summary: 'Also take over the rows that an older pipeline left in the replica and in raw.',
      description:
        'Each table is compared with the source by digest, then raw with the replica; only rows that differ are written. ' +
        'Types of raw columns stay where every value fits. What must be changed first is told, and that table left alone.',
    }),
    ...JOBS_FLAG,
    ...RETRIES_FLAG,
    ...ALLOW_DELETES_FLAG,
    ...IGNORE_WINDOW_FLAG,
    'dry-run': Flags.boolean({ summary: 'Say what would be written, and write nothing.' }),
  };
  static override readonly examples = [
    { description: 'What is missing', command: '<%= config.bin %> --dry-run' },
    { description: 'Create it', command: '<%= config.bin %>' },
    {
      description: 'Replace an older pipeline: what that would change, then do it',
      command: '<%= config.bin %> --adopt --dry-run && <%= config.bin %> --adopt',
    },
    {
      description: 'Coverage of the load hop, in percent',
      command: `<%= config.bin %> --dry-run --json | jq '.tiers[] | select(.tier == "load") | .before.incremental.percent'`,
    },
  ];

  async run(): Promise<BackfillReport> {
    const { flags } = await this.parse(Backfill);
    const setup = await this.setUp(flags);
    const [{ backfill }, { renderBackfill }] = await Promise.all([
      import('../backfill.ts'),
      import('../render-backfill.ts'),
    ]);
    const done = await backfill(setup, {
      dryRun: flags['dry-run'],
      adopt: flags.adopt,
      allowDeletes: flags['allow-deletes'],
      ignoreWindow: flags['ignore-window'],
    });
    this.present(flags, () => renderBackfill(done));
    this.endWith(done.exitCode);
    return done.report;
  }
}
