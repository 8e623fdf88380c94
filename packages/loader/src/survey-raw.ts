import { classifyDriverError } from '@tidemark/errors';
import { quoteMysqlIdentifier } from '@tidemark/incremental';
import type { MysqlSession, TableDescription } from '@tidemark/mysql';
import { hiddenRows, securedTables } from '@tidemark/tracking';
import type { PoolClient } from 'pg';

import { hasKey } from './alter-raw.ts';
import { describeRaw, type RawTable } from './describe-raw.ts';
import { findKeyObstacles } from './find-key-obstacles.ts';
import { findShiftedStamps, type KeptColumn } from './find-shifted-stamps.ts';
import { postgresName, qualifiedName, quoteName } from './postgres-name.ts';
import { inKeyOrder, type TargetColumn } from './raw-target.ts';
import { readRawRights, type RawRights } from './raw-rights.ts';
import { reconcileColumns, type ColumnChanges } from './reconcile-columns.ts';
import { targetColumns } from './target-columns.ts';

/** What stands in raw under a table's name, and what a load would change of it. Nothing is changed. */
export interface RawSurvey {
  readonly state: 'absent' | 'empty' | 'filled';
  /** Columns that keep a type which Tidemark would not have chosen. */
  readonly keeps: readonly KeptType[];
  /** Structure only, in words. */
  readonly changes: readonly string[];
  /** What a person must change first; names and types only. */
  readonly obstacles: readonly string[];
}

export interface KeptType {
  readonly column: string;
  readonly type: string;
  /** What a new raw table would have. */
  readonly usual: string;
}

export interface SurveyRawInput {
  readonly schema: string;
  /** As the replica has it, or will have it. */
  readonly table: TableDescription;
  readonly key: readonly string[];
  /** Whose values must fit into columns that are narrower than usual; null where the replica has none. */
  readonly replica: MysqlSession | null;
}

/** Names of the tables in raw. */
export async function listRaw(client: PoolClient, schema: string): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT tablename AS name FROM pg_catalog.pg_tables WHERE schemaname = $1',
    [schema],
  );
  return new Set(rows.map((row) => row.name));
}

/** @throws TidemarkError when the database cannot be asked */
export async function surveyRaw(client: PoolClient, input: SurveyRawInput): Promise<RawSurvey> {
  try {
    return await survey(client, input);
  } catch (error) {
    const known = classifyDriverError(error, 'warehouse', input.table.name);
    // A view of that name, or a column name that raw cannot have: told like any other obstacle.
    if (known.code === 'SCHEMA_INCOMPATIBLE') return blocked([inOneLine(known)]);
    throw known;
  }
}

function inOneLine({ message, hint }: { readonly message: string; readonly hint: string }): string {
  return `${message.replace(/^warehouse: /, '')}. ${hint}`;
}

function blocked(obstacles: readonly string[]): RawSurvey {
  return { state: 'filled', keeps: [], changes: [], obstacles };
}

async function survey(client: PoolClient, input: SurveyRawInput): Promise<RawSurvey> {
  const { schema, table, key } = input;
  const name = postgresName(table.name);
  const existing = await describeRaw(client, schema, name);
  if (!existing) return { state: 'absent', keeps: [], changes: [], obstacles: [] };
  const qualified = qualifiedName(schema, name);
  const rights = await readRawRights(client, existing);
  if (!rights.mayRead) return blocked(withoutRights(rights, qualified, []));
  const hidden = (await securedTables(client, schema, name)).find(({ hides }) => hides);
  if (hidden) return blocked([inOneLine(hiddenRows(schema, hidden))]);
  const wanted = targetColumns(name, table.columns, key);
  const misspelt = misspeltColumns(wanted, existing, qualified);
  if (misspelt.length > 0) return blocked(misspelt);
  const found = reconcileColumns(wanted, existing.columns);
  const target = { qualified, columns: found.columns, keyColumns: inKeyOrder(found.columns, key) };
  const { rows } = await client.query<{ found: boolean }>(`SELECT EXISTS (SELECT FROM ${qualified}) AS found`);
  const isFilled = rows[0]?.found === true;
  const keyObstacles = await findKeyObstacles(client, { existing, target, isFilled });
  const usual = new Map(wanted.map((column) => [column.name, column.type]));
  const kept = found.columns.filter(
    (column) => column.type !== usual.get(column.name) && !found.widen.some((widened) => widened.name === column.name),
  );
  const shifted = keyObstacles.length > 0 ? [] : await findShiftedStamps(client, input, kept);
  const structure = changesInWords(found, hasKey(existing, target) ? [] : target.keyColumns);
  return {
    state: isFilled ? 'filled' : 'empty',
    keeps: kept.map((column) => ({ column: column.name, type: column.type, usual: usual.get(column.name) ?? '' })),
    changes: [
      ...structure,
      ...shifted.map((column) => `column ${column} holds a wall clock: its times are written in UTC`),
    ],
    obstacles: [
      ...withoutRights(rights, qualified, structure),
      ...found.obstacles.map(({ why }) => why),
      ...(await widenedUnderViews(client, existing, found)),
      ...keyObstacles,
      ...(await unfitFlags(input, kept)),
    ],
  };
}

/** PostgreSQL refuses these in the middle of a takeover, when the replica is done already. */
function withoutRights(rights: RawRights, qualified: string, structure: readonly string[]): string[] {
  const mayAll = rights.mayRead && rights.mayWrite && (rights.mayAlter || structure.length === 0);
  if (mayAll) return [];
  const lacks = rights.mayRead && rights.mayWrite ? 'change its structure' : 'read and write it';
  return [`${rights.user} may not ${lacks}: \`ALTER TABLE ${qualified} OWNER TO ${rights.user}\``];
}

/**
 * Another tool may have spelt the columns in its own way. The load would add its own beside them, and whoever reads the old
 * ones would see values that no longer move.
 */
function misspeltColumns(wanted: readonly TargetColumn[], existing: RawTable, qualified: string): string[] {
  const exact = new Set(existing.columns.map(({ name }) => name));
  const spelt = new Map(existing.columns.map(({ name }) => [name.toLowerCase(), name]));
  const renames = wanted.flatMap(({ name }) => {
    const other = exact.has(name) ? undefined : spelt.get(name.toLowerCase());
    return other === undefined
      ? []
      : [`ALTER TABLE ${qualified} RENAME COLUMN ${quoteName(other)} TO ${quoteName(name)}`];
  });
  if (renames.length === 0) return [];
  return [`columns are spelt otherwise than in the source, also in what reads them: \`${renames.join('; ')}\``];
}

function changesInWords(
  { add, widen, dropNotNull }: ColumnChanges,
  lackedKey: readonly { readonly name: string }[],
): string[] {
  return [
    ...add.map((column) => `column ${column.name} is added`),
    ...widen.map(({ name, from, to }) => `column ${name} goes from ${from} to ${to}`),
    ...dropNotNull.map((name) => `column ${name} may be NULL`),
    ...(lackedKey.length > 0 ? [`a unique index on (${lackedKey.map(({ name }) => name).join(', ')}) is added`] : []),
  ];
}

const VIEWS = `
  SELECT DISTINCT c.oid::regclass::text AS view
    FROM pg_catalog.pg_depend d
    JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_catalog.pg_rewrite'::regclass
    JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
    JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
   WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = $1 AND a.attname = $2
   ORDER BY view`;

/** PostgreSQL does not change the type of a column that a view reads. */
async function widenedUnderViews(client: PoolClient, { oid }: RawTable, { widen }: ColumnChanges): Promise<string[]> {
  const obstacles: string[] = [];
  for (const { name, from, to } of widen) {
    const { rows } = await client.query<{ view: string }>(VIEWS, [oid, name]);
    if (rows.length === 0) continue;
    const views = rows.map((row) => row.view).join(', ');
    obstacles.push(`column ${name} must go from ${from} to ${to}, and views read it: ${views}`);
  }
  return obstacles;
}

/** Flags that an older tool took for yes and no, and that hold a third value. One pass over the replica for all of them. */
async function unfitFlags({ replica, table }: SurveyRawInput, kept: readonly KeptColumn[]): Promise<string[]> {
  const flags = kept.filter(({ type }) => type === 'boolean');
  if (replica === null || flags.length === 0) return [];
  const list = flags.map(({ source }, index) => `MAX(${quoteMysqlIdentifier(source.name)} NOT IN (0, 1)) AS c${index}`);
  const [row] = await replica.query(`SELECT ${list.join(', ')} FROM ${quoteMysqlIdentifier(table.name)}`);
  return flags
    .filter((_, index) => row?.[`c${index}`] === '1')
    .map(({ name }) => `column ${name} is boolean in raw and has other values than 0 and 1: it must become smallint`);
}
