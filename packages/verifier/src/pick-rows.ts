import { quoteMysqlIdentifier, type Plan, type PlanColumn } from '@tidemark/incremental';
import {
  inZone,
  keyColumns,
  keyOrder,
  rangeCondition,
  readClock,
  walkKeyRanges,
  type KeyRange,
  type KeyValue,
  type MysqlParameter,
  type MysqlSession,
  type TableDescription,
} from '@tidemark/mysql';

import { inLooks } from './scan-copy.ts';
import type { Scope } from './types.ts';
import { awaitTurn, atMost, tookRows } from './await-turn.ts';
import type { VerifyContext } from './verify-context.ts';

export type PickedScope = Exclude<Scope, { readonly kind: 'full' }>;

/** Rows between two boundaries of a sample: small pieces, from all over the table. */
const ROWS_OF_A_PIECE = 1000;
/** Rows between two boundaries where the rows are filtered by their stamps. */
const ROWS_OF_A_WALK = 20_000;

/** The keys of the rows that are to be looked at, where that are not all. */
export async function* pickRows(context: VerifyContext, scope: PickedScope): AsyncGenerator<KeyValue[]> {
  if (scope.kind === 'keys') {
    yield* inLooks(scope.keys);
    return;
  }
  if (scope.kind === 'since') {
    yield* changedSince(context, scope.utc);
    return;
  }
  const { sourceTable } = context;
  const share = 'share' in scope ? scope.share : scope.rows / Math.max(sourceTable.estimatedRows, 1);
  yield* byChance(context, share);
}

/**
 * Pieces of the source's key drawn by chance, and all that the replica has in them. Boundaries cost one short statement
 * on the index of the key, whether the piece is taken or not. One piece is drawn in any case: a sample of no row would
 * prove nothing.
 */
async function* byChance(context: VerifyContext, share: number): AsyncGenerator<KeyValue[]> {
  const { source, sourceTable, key } = context;
  // A small table is cut smaller, or its sample would be all or nothing.
  const rows = Math.max(10, Math.min(ROWS_OF_A_PIECE, Math.floor(sourceTable.estimatedRows / 20)));
  const spare = drawOne();
  let isDrawn = false;
  for await (const range of walkKeyRanges(source, { table: sourceTable, key, rowsPerRange: () => rows })) {
    await awaitTurn(context);
    spare.offer(range);
    if (Math.random() >= share) continue;
    for await (const keys of keysOfBoth(context, range, null)) {
      isDrawn = true;
      yield keys;
    }
  }
  const range = spare.drawn();
  if (!isDrawn && range !== null) yield* keysOfBoth(context, range, null);
}

/** Draws one of the pieces offered, each with the same chance. */
function drawOne(): { offer(range: KeyRange): void; drawn(): KeyRange | null } {
  let drawn: KeyRange | null = null;
  let offered = 0;
  return {
    offer: (range) => {
      // Behind the last boundary there may be no row.
      if (range.upTo === null && offered > 0) return;
      offered += 1;
      if (Math.random() * offered < 1) drawn = range;
    },
    drawn: () => drawn,
  };
}

interface Filter {
  readonly sql: string;
  readonly params: readonly MysqlParameter[];
}

/** Rows with a stamp of that time or later, in the source or in the replica. */
async function* changedSince(context: VerifyContext, utc: string): AsyncGenerator<KeyValue[]> {
  const filter = await stampFilter(context, utc);
  const { source, sourceTable, key } = context;
  const rows = atMost(context, ROWS_OF_A_WALK);
  for await (const range of walkKeyRanges(source, { table: sourceTable, key, rowsPerRange: () => rows })) {
    await awaitTurn(context);
    tookRows(context, rows);
    yield* keysOfBoth(context, range, filter);
  }
}

/** The incremental columns that hold times. */
export function timeColumns({ observe }: Pick<Plan, 'observe'>): PlanColumn[] {
  return observe.filter(({ kind }) => kind !== 'other' && kind !== 'integer');
}

async function stampFilter(context: VerifyContext, utc: string): Promise<Filter> {
  const stamps = timeColumns(context.plan);
  const wall = await wallClockAt(context, utc);
  const bounds = stamps.map(({ kind }) => (kind === 'timestamp' ? utc : kind === 'date' ? wall.slice(0, 10) : wall));
  return {
    sql: `(${stamps.map(({ name }) => `${quoteMysqlIdentifier(name)} >= ?`).join(' OR ')})`,
    params: bounds,
  };
}

/** A time in UTC by the clock of the table's columns, an hour early: the zone's offset may have been another one. */
async function wallClockAt({ source, input }: VerifyContext, utc: string): Promise<string> {
  const now = inZone(await readClock(source), input.settings.timeColumnZone);
  const at = (text: string): number => Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);
  const wall = new Date(at(utc) + at(now.wall) - at(now.utc) - 3_600_000);
  return wall.toISOString().slice(0, 19).replace('T', ' ');
}

/** Keys of a range on both sides, each once. */
async function* keysOfBoth(context: VerifyContext, range: KeyRange, filter: Filter | null): AsyncGenerator<KeyValue[]> {
  const { source, sourceTable, replica, replicaTable } = context;
  const [here, there] = await Promise.all([
    keysOf(source, sourceTable, { key: context.key, range, filter }),
    keysOf(replica, replicaTable, { key: context.key, range, filter }),
  ]);
  const known = new Set(here.map((key) => JSON.stringify(key)));
  yield* inLooks([...here, ...there.filter((key) => !known.has(JSON.stringify(key)))]);
}

async function keysOf(
  session: MysqlSession,
  table: TableDescription,
  what: { readonly key: readonly string[]; readonly range: KeyRange; readonly filter: Filter | null },
): Promise<KeyValue[]> {
  const columns = keyColumns(table, what.key);
  const where = rangeCondition(columns, what.range);
  const rows = await session.query(
    `SELECT ${columns.map((column, place) => `${column.read} AS k${place}`).join(', ')}
       FROM ${quoteMysqlIdentifier(table.name)}
      WHERE ${where.sql}${what.filter ? ` AND ${what.filter.sql}` : ''} ORDER BY ${keyOrder(columns)}`,
    [...where.params, ...(what.filter?.params ?? [])],
  );
  return rows.map((row) => columns.map((_, place) => row[`k${place}`] ?? ''));
}
