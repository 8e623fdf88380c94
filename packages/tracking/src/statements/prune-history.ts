import type { EntityManager } from 'typeorm';

import { reachPoint } from '../reach-point.ts';
import { TRACKING_TABLES } from '../table-names.ts';
import type { Tier } from '../tier.ts';

/** Most entries that go at a time: what was kept too long goes over several runs, none of which it holds up. */
const MOST_AT_ONCE = 10_000;

/**
 * Deletes entries that began longer ago than `keepSeconds`, by the database's clock. The last entry of a table and hop
 * stays, however old, and so does one without an end: it says who holds the table.
 *
 * @returns how many went
 */
export async function pruneHistory(manager: EntityManager, tier: Tier, keepSeconds: number): Promise<number> {
  const later = manager
    .createQueryBuilder()
    .subQuery()
    .from(tier.history, 'later')
    .select('later.id')
    .where('later.table_name = entry.table_name AND later.hop = entry.hop AND later.id > entry.id')
    .getQuery();
  const old = await manager
    .createQueryBuilder()
    .from(tier.history, 'entry')
    .select('entry.id', 'id')
    .where(`entry.startedAt < ${tier.utcBefore(keepSeconds)} AND entry.finishedAt IS NOT NULL AND EXISTS ${later}`)
    .orderBy('entry.startedAt')
    .limit(MOST_AT_ONCE)
    .getRawMany<{ id: string }>();
  if (old.length === 0) return 0;
  await reachPoint('prune.before-history', TRACKING_TABLES.runHistory);
  // By number, so that nothing else is locked: others may be writing their entries.
  const ids = old.map(({ id }) => id);
  const result = await manager.createQueryBuilder().delete().from(tier.history).whereInIds(ids).execute();
  await reachPoint('prune.after-history', TRACKING_TABLES.runHistory);
  return result.affected ?? 0;
}
