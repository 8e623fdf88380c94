import { testServers } from '@tidemark/testkit';
import { expect, it } from 'vitest';

import { loadScene } from './testing/load-scene.ts';
import type { VerificationEntry } from './types.ts';

const PROVED: VerificationEntry = {
  runId: 'run-1',
  table: 'patient',
  startedAt: '2026-03-01T10:00:00.000Z',
  finishedAt: '2026-03-01T10:00:05.250Z',
  scope: 'full',
  verdict: 'match',
  sourceAsOf: '2026-03-01 09:00:00.123456',
  sourceRows: 3_000_000_000,
  replicaRows: 3_000_000_000,
  warehouseRows: 3_000_000_000,
  missing: 0,
  extra: 0,
  different: 0,
  pending: 2,
  inMotion: 1,
  repaired: 0,
  causes: {},
  columns: {},
  errorCode: null,
};

/** As docs/operations.md has it. */
const NOT_PROVED = `
  SELECT s.table_name FROM raw.etl_load_status s
   WHERE NOT EXISTS (SELECT FROM raw.etl_verification v
                      WHERE v.table_name = s.table_name AND v.verdict = 'match' AND v.scope = 'full'
                        AND v.finished_at > (now() AT TIME ZONE 'UTC') - interval '7 days'
                        AND NOT EXISTS (SELECT FROM raw.etl_verification later
                                         WHERE later.table_name = v.table_name AND later.verdict = 'differs'
                                           AND later.finished_at > v.finished_at))`;

it('keeps what was compared, and takes only whole comparisons that found nothing for a proof', async () => {
  await using scene = await loadScene(testServers().warehouse);
  const { tracking, database } = scene;
  if (!('recordVerification' in tracking)) throw new Error('this is the load hop');
  await tracking.recordVerification(PROVED);
  const later = { ...PROVED, finishedAt: '2026-03-02T10:00:00.000Z' };
  await tracking.recordVerification({ ...later, scope: 'sample' });
  await tracking.recordVerification({ ...later, verdict: 'skipped', sourceAsOf: null, sourceRows: null });
  await tracking.recordVerification({ ...later, verdict: 'failed', errorCode: 'CONNECTION_LOST' });
  expect(await tracking.proofs()).toEqual([{ table: 'patient', provedAt: '2026-03-01T10:00:05.250000Z' }]);
  const causes = { changed_in_raw: 1 };
  await tracking.recordVerification({ ...later, verdict: 'differs', different: 1, causes, columns: { LName: 1 } });
  expect(await tracking.proofs()).toEqual([]);
  const rows = await database.query(
    'SELECT verdict, source_rows, in_motion, causes, differing_columns FROM raw.etl_verification ORDER BY id',
  );
  expect(rows).toMatchObject([
    { verdict: 'match', source_rows: '3000000000', in_motion: '1' },
    { verdict: 'match' },
    { verdict: 'skipped', source_rows: null },
    { verdict: 'failed' },
    { verdict: 'differs', causes, differing_columns: { LName: 1 } },
  ]);
});

it('says by one query which tables were not proved lately', async () => {
  await using scene = await loadScene(testServers().warehouse);
  const { tracking, database } = scene;
  if (!('recordVerification' in tracking)) throw new Error('this is the load hop');
  await tracking.seedPending(['patient', 'recall', 'claim', 'sheet']);
  const now = new Date().toISOString();
  await tracking.recordVerification({
    ...PROVED,
    table: 'sheet',
    finishedAt: new Date(Date.now() - 1_000).toISOString(),
  });
  await tracking.recordVerification({
    ...PROVED,
    table: 'sheet',
    finishedAt: now,
    scope: 'sample',
    verdict: 'differs',
  });
  await tracking.recordVerification({ ...PROVED, finishedAt: now });
  await tracking.recordVerification({ ...PROVED, table: 'recall', finishedAt: now, verdict: 'failed' });
  await tracking.recordVerification({ ...PROVED, table: 'claim', finishedAt: '2020-01-01T00:00:00Z' });
  const rows = await database.query<{ table_name: string }>(`${NOT_PROVED} ORDER BY 1`);
  expect(rows.map((row) => row.table_name)).toEqual(['claim', 'recall', 'sheet']);
});
