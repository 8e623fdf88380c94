import type { Setup } from '@tidemark/command-line';
import { plural } from '@tidemark/command-line/render';
import { openBothTrackings } from '@tidemark/command-line/run';
import type { MigrationReport } from '@tidemark/tracking';

/** What `migrate` prints with `--json`. */
export interface MigrateReport {
  readonly replica: MigrationReport;
  readonly warehouse: MigrationReport;
}

/** Creates or upgrades the tracking tables of both databases; nothing that is there is dropped. */
export async function migrateTracking({ environment, log }: Setup): Promise<MigrateReport> {
  await using tracking = await openBothTrackings({ environment });
  // The first is done before the second is begun: a failure leaves one database as it was.
  const replica = await tracking.copy.migrate();
  log.debug({ applied: replica.applied }, 'tracking tables of the replica are current');
  const warehouse = await tracking.load.migrate();
  log.debug({ applied: warehouse.applied }, 'tracking tables of the warehouse are current');
  return { replica, warehouse };
}

/** The same for people. */
export function renderMigrate({ replica, warehouse }: MigrateReport): string {
  return [renderDatabase('replica', replica), renderDatabase('warehouse', warehouse)].join('\n');
}

function renderDatabase(name: string, { applied, recorded }: MigrationReport): string {
  if (applied.length === 0) return `${name}: nothing to do, its tracking tables are current (${last(recorded)})`;
  return [`${name}: ${plural(applied.length, 'migration')} run`, ...applied.map((each) => `  ${each}`)].join('\n');
}

function last(recorded: readonly string[]): string {
  return recorded.at(-1) ?? 'no migration recorded';
}
