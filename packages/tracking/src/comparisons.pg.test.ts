import { createPostgresDatabase, testServers } from '@tidemark/testkit';
import { expect, it } from 'vitest';

import { openLoadTracking } from './load-tracking.ts';

/** The columns of the ledger that are read. */
const LEDGER = `
  CREATE TABLE IF NOT EXISTS raw.etl_verification (
    id bigserial PRIMARY KEY, run_id varchar(64) NOT NULL, table_name varchar(255) NOT NULL,
    started_at timestamp(6) NOT NULL, finished_at timestamp(6) NOT NULL, scope varchar(16) NOT NULL,
    verdict varchar(16) NOT NULL, source_rows bigint, causes jsonb, differing_columns jsonb)`;

it('reads what comparisons of whole tables found, newest first, and says when there is no ledger', async () => {
  await using database = await createPostgresDatabase(testServers().warehouse);
  const tracking = await openLoadTracking(database.endpoint);
  try {
    await tracking.migrate();
    await database.exec('DROP TABLE IF EXISTS raw.etl_verification');
    expect(await tracking.comparisons()).toBeNull();
    await database.exec(LEDGER);
    expect(await tracking.comparisons()).toEqual([]);
    const row = (table: string, at: string, [scope, verdict]: [string, string], causes = 'NULL'): string =>
      `('r', '${table}', '${at}', '${at}', '${scope}', '${verdict}', 9007199254740993, ${causes}, '{"Note": 2}')`;
    await database.exec(`
      INSERT INTO raw.etl_verification
        (run_id, table_name, started_at, finished_at, scope, verdict, source_rows, causes, differing_columns)
      VALUES ${[
        row('patient', '2026-03-01 03:00:00', ['full', 'match']),
        row('recall', '2026-03-02 03:00:00.123456', ['full', 'differs'], `'{"late_commit": 3}'`),
        row('claim', '2026-03-03 03:00:00', ['sample', 'match']),
        row('sheet', '2026-03-03 03:00:00', ['full', 'failed']),
      ].join(',')}`);
    expect(await tracking.comparisons()).toMatchObject([
      {
        table: 'recall',
        finishedAt: '2026-03-02T03:00:00.123456Z',
        isEqual: false,
        causes: { late_commit: 3 },
        columns: { Note: 2 },
      },
      { table: 'patient', isEqual: true, causes: {} },
    ]);
  } finally {
    await tracking.close();
  }
});
