import type { EntityManager, QueryDeepPartialEntity } from 'typeorm';

import type { CopyStatusRow, WarehouseStatusRow } from '../entities/status-row.ts';
import type { Tier } from '../tier.ts';

export type StatusChange = QueryDeepPartialEntity<CopyStatusRow & WarehouseStatusRow>;

/**
 * Changes the record of a table, and creates it first where there is none.
 *
 * UPDATE, then INSERT where nothing was met: an upsert would use up an auto-increment number in every run, and MySQL's
 * cannot add to a stored number and keep the rest in one portable form.
 */
export async function updateStatus(
  manager: EntityManager,
  tier: Tier,
  table: string,
  change: StatusChange,
  parameters: Readonly<Record<string, string | null>> = {},
): Promise<void> {
  const met = await update(manager, tier, { table, change, parameters });
  if (met > 0) return;
  await createPending(manager, tier, [table]);
  await update(manager, tier, { table, change, parameters });
}

/** Inserts records that have nothing but the table's defaults and `pending`; those that are there stay. */
export async function createPending(
  manager: EntityManager,
  tier: Tier,
  tables: readonly string[],
  lastSucceeded?: string,
): Promise<void> {
  if (tables.length === 0) return;
  const values = tables.map((table) => ({
    table,
    status: 'pending',
    ...(lastSucceeded === undefined ? {} : { lastSucceeded: () => ':lastSucceeded' }),
  }));
  await manager
    .createQueryBuilder()
    .insert()
    .into(tier.status, ['table', 'status', ...(lastSucceeded === undefined ? [] : ['lastSucceeded'])])
    .values(values)
    .setParameters(lastSucceeded === undefined ? {} : { lastSucceeded })
    .orIgnore()
    .updateEntity(false)
    .execute();
}

interface Update {
  readonly table: string;
  readonly change: StatusChange;
  readonly parameters: Readonly<Record<string, string | null>>;
}

async function update(manager: EntityManager, tier: Tier, { table, change, parameters }: Update): Promise<number> {
  const result = await manager
    .createQueryBuilder()
    .update(tier.status)
    .set({ ...change, updatedAt: () => (tier.hop === 'copy' ? 'CURRENT_TIMESTAMP' : tier.utcNow) })
    .where('table_name = :table', { table })
    .setParameters(parameters)
    .updateEntity(false)
    .execute();
  return result.affected ?? 0;
}
