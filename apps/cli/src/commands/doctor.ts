import { TidemarkCommand } from '@tidemark/command-line';

import type { DoctorReport } from '../doctor/finding.ts';

export default class Doctor extends TidemarkCommand {
  static override readonly summary =
    'Look at connections, rights, server settings, clocks and coverage; each finding with its mend.';
  static override readonly description =
    'The source is only read. In the replica an empty table is made and dropped again, to try the rights. Exit code: ' +
    '0 nothing stands in the way of a run, 1 something does, 2 a database cannot be worked with at all.';
  static override readonly examples = [
    { description: 'Before the first run, and when something is wrong', command: '<%= config.bin %> doctor' },
    {
      description: 'Only what needs mending',
      command: `<%= config.bin %> doctor --json | jq '.findings[] | select(.level == "error" or .level == "warning")'`,
    },
  ];

  async run(): Promise<DoctorReport> {
    const { flags } = await this.parse(Doctor);
    const setup = await this.setUp(flags);
    const [{ examine }, { renderDoctor }, { exitCodeOfFindings }] = await Promise.all([
      import('../doctor/examine.ts'),
      import('../doctor/render-doctor.ts'),
      import('../doctor/finding.ts'),
    ]);
    const report = await examine(setup);
    this.present(flags, () => renderDoctor(report));
    this.endWith(exitCodeOfFindings(report.findings));
    return report;
  }
}
