import { compareTables, type ComparedRange, type KeyValue } from '@tidemark/mysql';

import { ROWS_OF_A_LOOK } from './look-at-rows.ts';
import { atMost, awaitTurn, tookRows } from './await-turn.ts';
import type { VerifyContext } from './verify-context.ts';

/** Rows met on each side of a scan. */
export interface ScannedRows {
  left: number;
  right: number;
}

/**
 * Source against replica by digest, computed by both servers. Gives the keys of rows that are not the same, some at a
 * time, and counts all rows.
 */
export async function* scanCopy(
  context: VerifyContext,
  scanned: ScannedRows,
  onRange: () => void,
): AsyncGenerator<KeyValue[]> {
  for await (const range of compareTables(comparisonOf(context))) {
    onRange();
    context.deps.onProgress?.(range.leftRows);
    scanned.left += range.leftRows;
    scanned.right += range.rightRows;
    yield* namesOf(context, range);
  }
}

function comparisonOf(context: VerifyContext): Parameters<typeof compareTables>[0] {
  const { source, sourceTable, replica, replicaTable, key, columns } = context;
  return {
    left: { session: source, table: sourceTable },
    right: { session: replica, table: replicaTable },
    key,
    columns: columns.map((column) => column.source),
    mostRows: atMost(context, Number.POSITIVE_INFINITY),
    beforeEach: () => awaitTurn(context),
    onDigest: (rows) => tookRows(context, rows),
  };
}

async function* namesOf(context: VerifyContext, { isEqual, rows, range }: ComparedRange): AsyncGenerator<KeyValue[]> {
  if (isEqual) return;
  if (rows) {
    yield* inLooks([...rows.different, ...rows.leftOnly, ...rows.rightOnly]);
    return;
  }
  // The replica has so many rows here that only its own keys can cut the range into pieces.
  const { left, right, ...rest } = comparisonOf(context);
  for await (const piece of compareTables({ ...rest, left: right, right: left, within: range })) {
    if (piece.rows) yield* inLooks([...piece.rows.different, ...piece.rows.leftOnly, ...piece.rows.rightOnly]);
  }
}

/** Cuts a list of keys into as many as are looked at together. */
export function* inLooks(keys: readonly KeyValue[]): Generator<KeyValue[]> {
  for (let from = 0; from < keys.length; from += ROWS_OF_A_LOOK) yield keys.slice(from, from + ROWS_OF_A_LOOK);
}
