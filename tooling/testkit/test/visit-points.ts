/** Comes to a point for two tables, as `reachPoint` of @tidemark/tracking does it, and says so after each. */
import { channel } from 'node:diagnostics_channel';

for (const table of ['patient', 'claim']) {
  const visit: { point: string; table: string; interruption?: Promise<void> } = { point: 'copy.staged', table };
  channel('tidemark:point').publish(visit);
  await visit.interruption;
  process.stdout.write(`${table}\n`);
}
