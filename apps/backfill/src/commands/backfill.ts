import { Flags } from '@oclif/core';
import { TidemarkCommand } from '@tidemark/command-line';

import type { BackfillReport } from '../backfill.ts';

export default class Backfill extends TidemarkCommand {
  static override readonly summary = 'Create the tracking records that are missing, once, at a rollout.';
  static override readonly description =
    'Every table that is synced gets a record with the status pending in the tracking table of each hop that has none. ' +
    'Records that are there are not touched, whoever wrote them; running it again changes nothing. A pending record is ' +
    'no watermark: the first run of its table reads everything. Exit code: 0 all records are there, 2 it could not begin.';
  static override readonly flags = {
    'dry-run': Flags.boolean({ summary: 'Say what would be written, and write nothing.' }),
  };
  static override readonly examples = [
    { description: 'What is missing', command: '<%= config.bin %> --dry-run' },
    { description: 'Create it', command: '<%= config.bin %>' },
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
    const report = await backfill(setup, { dryRun: flags['dry-run'] });
    this.present(flags, () => renderBackfill(report));
    return report;
  }
}
