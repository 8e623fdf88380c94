import { expect } from 'vitest';

import type { Pipeline } from '../pipeline.ts';

/** What the history says was inserted and deleted adds up to the rows that are there, in both hops; no key stands twice. */
export async function expectAccountsAddUp(pipeline: Pipeline, table: string): Promise<void> {
  const { copy, load } = await pipeline.states(table);
  const [inReplica] = await pipeline.replica.query<{ n: string }>(`SELECT CAST(COUNT(*) AS CHAR) AS n FROM ${table}`);
  const [inRaw] = await pipeline.warehouse.query<{ n: string }>(`SELECT COUNT(*)::text AS n FROM raw."${table}"`);
  expect(copy?.rows).toBe(Number(inReplica?.n));
  expect(load?.rows).toBe(Number(inRaw?.n));
  const loaded = (await pipeline.loadTracking.history({ table, limit: 1_000 })).filter(
    (entry) => entry.status === 'success',
  );
  for (const { counts } of loaded) {
    expect(counts.rowsRead).toBe(counts.rowsInserted + counts.rowsUpdated + counts.rowsUnchanged);
  }
  const sum = loaded.reduce((rows, { counts }) => rows + counts.rowsInserted - counts.rowsDeleted, 0);
  expect(sum).toBe(Number(inRaw?.n));
}
