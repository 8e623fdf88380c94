import type { EntityManager } from 'typeorm';

import type { Tier } from '../tier.ts';
import type { SeedReport } from '../types.ts';
import { readStates } from './read-states.ts';
import { createPending } from './update-status.ts';

/** The time that the plan gives a record which has no success yet. Never a watermark. */
const SEED_TIME = '2024-01-01 00:00:00';

/** Creates the records that are missing; those that are there stay as they are. */
export async function seedPending(manager: EntityManager, tier: Tier, tables: readonly string[]): Promise<SeedReport> {
  const present = new Set((await readStates(manager, tier)).map((state) => state.table));
  const wanted = [...new Set(tables)];
  const created = wanted.filter((table) => !present.has(table));
  await createPending(manager, tier, created, SEED_TIME);
  return { created, existing: wanted.filter((table) => present.has(table)) };
}
