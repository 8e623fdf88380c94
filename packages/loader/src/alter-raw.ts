import { setTimeout as sleep } from 'node:timers/promises';

import { TidemarkError } from '@tidemark/errors';
import { reachPoint } from '@tidemark/tracking';
import type { PoolClient } from 'pg';

import type { RawTable } from './describe-raw.ts';
import { quoteName } from './postgres-name.ts';
import { DELETED_AT_COLUMN, type RawTarget } from './raw-target.ts';
import type { ColumnChanges } from './reconcile-columns.ts';
import { dropViews, viewNames, viewsReading } from './views-on-raw.ts';

/**
 * How long DDL waits for readers of the table at a time, and pauses before it tries again: while it waits, every later
 * reader waits behind it. Milliseconds.
 */
const ATTEMPT_MS = 300;
const PAUSE_MS = 700;
/** How long readers may keep it waiting in all. */
const PATIENCE_MS = 30_000;

/**
 * Carries out what `reconcileColumns` decided, and gives the table a unique index on its key where it has none. One
 * short transaction of its own: it leaves a table that both the old and the new state of tracking describe correctly.
 *
 * @throws TidemarkError SCHEMA_INCOMPATIBLE when views stand in the way, DUPLICATE_KEY when raw holds a key twice,
 *   TRANSACTION_CONFLICT when somebody reads the table for longer than it waits
 */
export async function alterRaw(
  client: PoolClient,
  target: RawTarget,
  existing: RawTable,
  changes: ColumnChanges,
): Promise<void> {
  const steps = alterSteps(target, existing, changes);
  const lacksKey = !hasKey(existing, target);
  if (steps.length === 0 && !lacksKey) return;
  await refuseUnderViews(client, existing, changes, target);
  await reachPoint('load.before-ddl', target.name);
  await betweenReaders(async () => {
    await client.query('BEGIN');
    try {
      await client.query(`SET LOCAL lock_timeout = ${ATTEMPT_MS}`);
      if (steps.length > 0) await client.query(`ALTER TABLE ${target.qualified} ${steps.join(', ')}`);
      if (lacksKey) await addUniqueKey(client, target);
      await reachPoint('load.ddl-run', target.name);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
  });
  await reachPoint('load.after-ddl', target.name);
}

async function betweenReaders(ddl: () => Promise<void>): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ddl();
    } catch (error) {
      if (!hasState(error, LOCK_NOT_AVAILABLE) || performance.now() > until) throw error;
    }
    await sleep(PAUSE_MS);
  }
}

function alterSteps(target: RawTarget, existing: RawTable, changes: ColumnChanges): string[] {
  const hasMark = existing.columns.some((column) => column.name === DELETED_AT_COLUMN);
  return [
    // Without NOT NULL: the rows that are there have no value until they are loaded again.
    ...changes.add.map((column) => `ADD COLUMN ${quoteName(column.name)} ${column.type}`),
    ...changes.widen.map(
      ({ name, to }) => `ALTER COLUMN ${quoteName(name)} TYPE ${to} USING ${quoteName(name)}::${to}`,
    ),
    ...changes.dropNotNull.map((name) => `ALTER COLUMN ${quoteName(name)} DROP NOT NULL`),
    ...(target.marksDeleted && !hasMark ? [`ADD COLUMN ${quoteName(DELETED_AT_COLUMN)} timestamp with time zone`] : []),
  ];
}

/** Whether a unique index keeps the table's keys apart already. */
export function hasKey(existing: RawTable, { keyColumns }: Pick<RawTarget, 'keyColumns'>): boolean {
  return existing.uniqueKeys.some(
    (names) => names.length === keyColumns.length && keyColumns.every(({ name }) => names.includes(name)),
  );
}

async function addUniqueKey(client: PoolClient, target: RawTarget): Promise<void> {
  try {
    const key = target.keyColumns.map((column) => quoteName(column.name)).join(', ');
    await client.query(`CREATE UNIQUE INDEX ON ${target.qualified} (${key})`);
  } catch (error) {
    if (!hasState(error, UNIQUE_VIOLATION)) throw error;
    throw new TidemarkError('DUPLICATE_KEY', {
      message: `warehouse: ${target.qualified} has no unique index on its key and holds some keys more than once`,
      hint: `Run \`TRUNCATE ${target.qualified}\`, then \`tidemark load ${target.name}\`: it fills the table again, each key once. Or remove the duplicates by hand.`,
      table: target.name,
      driverCode: UNIQUE_VIOLATION,
    });
  }
}

const UNIQUE_VIOLATION = '23505';
const LOCK_NOT_AVAILABLE = '55P03';

function hasState(error: unknown, state: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === state;
}

/** PostgreSQL does not change the type of a column that a view reads; dropping somebody's views is not ours to do. */
async function refuseUnderViews(
  client: PoolClient,
  existing: RawTable,
  changes: ColumnChanges,
  target: RawTarget,
): Promise<void> {
  if (changes.widen.length === 0) return;
  const views = await viewsReading(
    client,
    existing,
    changes.widen.map(({ name }) => name),
  );
  if (views.length === 0) return;
  const steps = changes.widen.map(({ name, from, to }) => `column ${name} must go from ${from} to ${to}`);
  throw new TidemarkError('SCHEMA_INCOMPATIBLE', {
    message: `warehouse: ${steps.join(', ')}, and views read it: ${viewNames(views)}`,
    hint: `Run \`${dropViews(views)}\`, then \`tidemark load ${target.name}\`, and build the views anew with \`dbt run\`. Nothing is lost: the load goes on where it stands.`,
    table: target.name,
  });
}
