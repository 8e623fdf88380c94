import { TidemarkError } from '@tidemark/errors';
import type { EntityManager, EntitySchema, QueryDeepPartialEntity } from 'typeorm';

import type { CopyStatusRow, StatusRow, WarehouseStatusRow } from '../entities/status-row.ts';
import type { Tier } from '../tier.ts';

/** One of the three status tables. */
export type StatusEntity = Tier['status'] | EntitySchema<StatusRow & WarehouseStatusRow>;

export function tableOf({ options }: StatusEntity): string {
  return options.tableName ?? options.name;
}

export interface StatusChange {
  readonly set: QueryDeepPartialEntity<CopyStatusRow & WarehouseStatusRow>;
  /** Values of the named parameters (`:asOf`) that stand in the expressions of `set`. */
  readonly parameters?: Readonly<Record<string, string | null>>;
}

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
): Promise<void> {
  const met = await update(manager, tier, table, change);
  if (met > 0) return;
  await createPending(manager, tier.status, [table]);
  if ((await update(manager, tier, table, change)) > 0) return;
  throw new TidemarkError('INTERNAL', {
    message: `${tier.where}: the tracking record could not be created`,
    hint: 'This is a defect: report it with the columns and keys of the status table.',
    table,
  });
}

/**
 * Inserts records that have nothing but the table's defaults and `pending`; those that are there stay. On MySQL it is an
 * INSERT IGNORE, which also fills a column that an older pipeline made NOT NULL without a default.
 */
export async function createPending(
  manager: EntityManager,
  status: StatusEntity,
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
    .into(status, ['table', 'status', ...(lastSucceeded === undefined ? [] : ['lastSucceeded'])])
    .values(values)
    .setParameters(lastSucceeded === undefined ? {} : { lastSucceeded })
    .orIgnore()
    .updateEntity(false)
    .execute();
}

async function update(manager: EntityManager, tier: Tier, table: string, change: StatusChange): Promise<number> {
  const result = await manager
    .createQueryBuilder()
    .update(tier.status)
    .set({ ...change.set, updatedAt: () => (tier.hop === 'copy' ? 'CURRENT_TIMESTAMP' : tier.utcNow) })
    .where('table_name = :table', { table })
    .setParameters(change.parameters ?? {})
    .updateEntity(false)
    .execute();
  return result.affected ?? 0;
}
