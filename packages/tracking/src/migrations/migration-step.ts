import { reachPoint } from '../reach-point.ts';

/** Runs one statement of a migration between its two points: on MySQL each is durable by itself. */
export async function migrationStep(table: string, step: () => Promise<unknown>): Promise<void> {
  await reachPoint('migrate.before-ddl', table);
  await step();
  await reachPoint('migrate.after-ddl', table);
}
