import {
  createChunkPace,
  digestRange,
  digestRows,
  walkKeyRanges,
  WHOLE_TABLE,
  type DigestInput,
  type KeyRange,
  type KeyValue,
} from '@tidemark/mysql';

import { ordersAlike } from './orders-alike.ts';
import { atMost, awaitTurn, tookRows } from './await-turn.ts';
import type { CopyContext } from './copy-context.ts';

/** A range that differs is cut until it has no more rows than this on either side; then its rows are compared one by one. */
const ROWS_OF_A_LEAF = 5_000;
const MOST_ROWS_PER_DIGEST = 200_000;
/** Where more than this share of a leaf differs it is read whole: cheaper than naming its rows. */
const SHARE_READ_WHOLE = 0.5;

/** What differs between source and replica. */
export interface Differences {
  /** Small ranges in which most rows differ: to be read whole. */
  readonly ranges: KeyRange[];
  /** Keys of rows that are in the source and differ from the replica's, or are new. */
  readonly changedKeys: KeyValue[];
  /** Keys of rows that are in the replica only. */
  readonly goneKeys: KeyValue[];
  /** Rows that the source has in all. */
  sourceRows: number;
}

/**
 * Compares source and replica range by range, each digest computed by its own server, both at the same time. Ranges
 * follow the source's keys; what lies behind its last key belongs to the last range, so extra rows are found too. Where
 * the replica cannot order the keys as the source does, the whole table is one range.
 *
 * Rows that change while this goes on may be named though they are equal a moment later: they are read once more than
 * needed, nothing else. A row that changes behind the comparison is the business of the next run.
 */
export async function findDifferences(context: CopyContext): Promise<Differences> {
  const pace = createChunkPace({ mostRows: atMost(context, MOST_ROWS_PER_DIGEST) });
  const found: Differences = { ranges: [], changedKeys: [], goneKeys: [], sourceRows: 0 };
  const walk = ordersAlike(context)
    ? walkKeyRanges(context.source, {
        table: context.sourceTable,
        key: context.key,
        rowsPerRange: () => pace.rows(),
      })
    : [WHOLE_TABLE];
  for await (const range of walk) {
    await awaitTurn(context);
    const began = performance.now();
    const { sourceRows, replicaRows, isEqual } = await compareRange(context, range);
    pace.took(sourceRows, performance.now() - began);
    found.sourceRows += sourceRows;
    if (!isEqual) await narrow(context, range, { rows: Math.max(sourceRows, replicaRows), found });
  }
  return found;
}

/** Cuts a range that differs into pieces until they are small, and compares the rows of those that still differ. */
async function narrow(
  context: CopyContext,
  range: KeyRange,
  known: { readonly rows: number; readonly found: Differences },
): Promise<void> {
  if (known.rows <= ROWS_OF_A_LEAF || !ordersAlike(context)) return compareRows(context, range, known.found);
  const pieces = walkKeyRanges(context.source, {
    table: context.sourceTable,
    key: context.key,
    rowsPerRange: () => ROWS_OF_A_LEAF,
    within: range,
  });
  for await (const piece of pieces) {
    await awaitTurn(context);
    const { replicaRows, isEqual } = await compareRange(context, piece);
    if (isEqual) continue;
    // The source has few rows here and the replica very many: they are not worth naming.
    if (replicaRows > 4 * ROWS_OF_A_LEAF) known.found.ranges.push(piece);
    else await compareRows(context, piece, known.found);
  }
}

async function compareRows(context: CopyContext, range: KeyRange, found: Differences): Promise<void> {
  const [source, replica] = await onBothSides(context, range, digestRows);
  const changed = [...source].filter(([key, digest]) => replica.get(key) !== digest).map(([key]) => key);
  const gone = [...replica.keys()].filter((key) => !source.has(key));
  if (changed.length > source.size * SHARE_READ_WHOLE) found.ranges.push(range);
  else {
    found.changedKeys.push(...changed.map(parseKey));
    found.goneKeys.push(...gone.map(parseKey));
  }
}

function parseKey(text: string): KeyValue {
  const key: KeyValue = JSON.parse(text);
  return key;
}

async function compareRange(
  context: CopyContext,
  range: KeyRange,
): Promise<{ sourceRows: number; replicaRows: number; isEqual: boolean }> {
  const [source, replica] = await onBothSides(context, range, digestRange);
  tookRows(context, source.rows);
  const isEqual = source.rows === replica.rows && source.checksum === replica.checksum;
  return { sourceRows: source.rows, replicaRows: replica.rows, isEqual };
}

/** Asks both servers the same about a range, at the same time. */
function onBothSides<Answer>(
  context: CopyContext,
  range: KeyRange,
  ask: (session: CopyContext['source'], input: DigestInput) => Promise<Answer>,
): Promise<[Answer, Answer]> {
  const replicaColumns = context.columns.map(
    (column) => context.replicaTable.columns.find((candidate) => candidate.name === column.name) ?? column,
  );
  // NULL is marked where a column may be NULL: both sides must agree on where, or equal rows differ.
  const nullable = context.columns.map((column, index) => column.nullable || replicaColumns[index]?.nullable === true);
  const marked = <T extends { readonly nullable: boolean }>(column: T, index: number): T => ({
    ...column,
    nullable: nullable[index] ?? column.nullable,
  });
  const { key } = context;
  return Promise.all([
    ask(context.source, { table: context.sourceTable, key, columns: context.columns.map(marked), range }),
    ask(context.replica, { table: context.replicaTable, key, columns: replicaColumns.map(marked), range }),
  ]);
}
