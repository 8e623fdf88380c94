import { setTimeout as sleep } from 'node:timers/promises';

import { TidemarkError } from '@tidemark/errors';
import { reachPoint } from '@tidemark/tracking';
import type { PoolClient } from 'pg';

import type { RawTable } from './describe-raw.ts';
import { quoteName } from './postgres-name.ts';
import { DELETED_AT_COLUMN, type RawTarget } from './raw-target.ts';
import type { ColumnChanges } from './reconcile-columns.ts';

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
  const lacksKey = !existing.uniqueKeys.some((names) => isKey(names, target));
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

function isKey(names: readonly string[], target: RawTarget): boolean {
  return names.length === target.keyColumns.length && target.keyColumns.every(({ name }) => names.includes(name));
}

async function addUniqueKey(client: PoolClient, target: RawTarget): Promise<void> {
  try {
    const key = target.keyColumns.map((column) => quoteName(column.name)).join(', ');
    await client.query(`CREATE UNIQUE INDEX ON ${target.qualified} (${key})`);
  } catch (error) {
    if (!hasState(error, UNIQUE_VIOLATION)) throw error;
    throw new TidemarkError('DUPLICATE_KEY', {
      message: `warehouse: ${target.qualified} has no unique index on its key and holds some keys more than once`,
      hint: `Remove the duplicates, or empty the table (TRUNCATE ${target.qualified}) and load it again.`,
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

const VIEWS_READING_COLUMNS = `
  SELECT DISTINCT n.nspname || '.' || c.relname AS view
    FROM pg_catalog.pg_depend d
    JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_catalog.pg_rewrite'::regclass
    JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
   WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = $1 AND a.attname = ANY ($2)
   ORDER BY view`;

/** PostgreSQL does not change the type of a column that a view reads; dropping somebody's views is not ours to do. */
async function refuseUnderViews(
  client: PoolClient,
  existing: RawTable,
  changes: ColumnChanges,
  target: RawTarget,
): Promise<void> {
  if (changes.widen.length === 0) return;
  const widened = changes.widen.map(({ name }) => name);
  const { rows } = await client.query<{ view: string }>(VIEWS_READING_COLUMNS, [existing.oid, widened]);
  if (rows.length === 0) return;
  const steps = changes.widen.map(({ name, from, to }) => `column ${name} must go from ${from} to ${to}`);
  throw new TidemarkError('SCHEMA_INCOMPATIBLE', {
    message: `warehouse: ${steps.join(', ')}, and views read it: ${rows.map((row) => row.view).join(', ')}`,
    hint: 'Drop these views, run again, then build them anew with `dbt run`.',
    table: target.name,
  });
}
