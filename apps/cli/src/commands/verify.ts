import {
  ALLOW_DELETES_FLAG,
  IGNORE_WINDOW_FLAG,
  JOBS_FLAG,
  SELECTION_FLAGS,
  TABLE_ARGS,
  TidemarkCommand,
  toTerms,
} from '@tidemark/command-line';
import { Flags } from '@oclif/core';

import type { VerifyReport } from '../verify/verify-report.ts';

export default class Verify extends TidemarkCommand {
  static override readonly summary = 'Compare source, replica and warehouse row by row, and say what differs and why.';
  static override readonly description =
    'Reads every row of all three databases, the source by checksums that it computes itself in short statements. Rows ' +
    'that the next run brings anyway are told as pending, not as differences; no key is ever printed. What was proved ' +
    'when is kept in etl_verification. Exit code: 0 all equal, 1 some tables could not be compared or none was, 2 nothing could be ' +
    'begun, 3 differences remain, 5 tables were left because a run holds them, 130 or 143 stopped by a signal.';
  static override readonly args = TABLE_ARGS;
  static override readonly flags = {
    ...SELECTION_FLAGS,
    sample: Flags.string({
      summary: 'Compare pieces drawn by chance: a share of each table (5%) or about so many rows (10000).',
      helpValue: 'N%|N',
      exclusive: ['since'],
    }),
    since: Flags.string({
      summary: 'Compare rows stamped at this time or later: 2h, 7 days, 2026-03-01, 2026-03-01T21:00:00Z.',
      description:
        'A time without a zone is UTC. Tables without a time column among their incremental ones are skipped.',
      helpValue: 'TIME',
    }),
    repair: Flags.boolean({
      summary: 'Copy and load just the rows that differ again, then compare those rows once more.',
    }),
    'dry-run': Flags.boolean({
      summary: 'With --repair: say how many rows would be written, and write none.',
      dependsOn: ['repair'],
    }),
    ...ALLOW_DELETES_FLAG,
    ...JOBS_FLAG,
    ...IGNORE_WINDOW_FLAG,
  };
  static override readonly examples = [
    { description: 'Every table', command: '<%= config.bin %> verify' },
    { description: 'Mend what differs', command: '<%= config.bin %> verify --repair' },
    { description: 'What changed in the last two days', command: '<%= config.bin %> verify --since 2d' },
    { description: 'A twentieth of the big ones', command: `<%= config.bin %> verify procedurelog --sample 5%` },
  ];

  async run(): Promise<VerifyReport> {
    const { args, flags } = await this.parse(Verify);
    const { parseScope } = await import('../verify/parse-scope.ts');
    const scope = parseScope(flags, Date.now());
    const setup = await this.setUp(flags);
    const [{ verifyTables }, { renderVerify }] = await Promise.all([
      import('../verify/verify-tables.ts'),
      import('../verify/render-verify.ts'),
    ]);
    const { report, durationMs, exitCode } = await verifyTables(setup, {
      terms: toTerms(args.table, flags),
      scope,
      repair: flags.repair ? { dryRun: flags['dry-run'], allowDeletes: flags['allow-deletes'] } : null,
      ignoreWindow: flags['ignore-window'],
    });
    this.present(flags, () => renderVerify(report, durationMs));
    this.endWith(exitCode);
    return report;
  }
}
