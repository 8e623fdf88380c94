import { TidemarkCommand } from '@tidemark/command-line';

import type { MigrateReport } from '../migrate/migrate-tracking.ts';

export default class Migrate extends TidemarkCommand {
  static override readonly summary = 'Create or upgrade the tracking tables in the replica and the warehouse.';
  static override readonly description =
    'Safe to run at any time and by several processes at once: it does what is missing, keeps every row and drops nothing. ' +
    'Tracking tables that an older pipeline made are taken over.';
  static override readonly examples = [
    { description: 'Once after installing, and after each upgrade of Tidemark', command: '<%= config.bin %> migrate' },
    { description: 'What was done, for a script', command: '<%= config.bin %> migrate --json' },
  ];

  async run(): Promise<MigrateReport> {
    const { flags } = await this.parse(Migrate);
    const setup = await this.setUp(flags);
    const { migrateTracking, renderMigrate } = await import('../migrate/migrate-tracking.ts');
    const report = await migrateTracking(setup);
    this.present(flags, () => renderMigrate(report));
    return report;
  }
}
