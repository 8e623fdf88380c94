import type { Pipeline } from '../pipeline.ts';

/** Kills every connection to the three databases but the test's own, as a restarting firewall would. */
export async function cutConnections({ source, replica, warehouse }: Pipeline): Promise<void> {
  for (const database of [source, replica]) {
    const rows = await database.query<{ id: number | string }>(
      'SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()',
    );
    for (const { id } of rows) await killQuietly(database, String(id));
  }
  await warehouse.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
}

/** A connection may have ended by itself between the two statements. */
async function killQuietly(database: Pipeline['source'], id: string): Promise<void> {
  await database.query(`KILL ${Number(id)}`).catch((error: unknown) => {
    if (!(error instanceof Error) || !('errno' in error) || error.errno !== 1094) throw error;
  });
}
