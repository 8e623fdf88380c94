import { compareTables, type ComparedRange, type KeyRange, type KeyValue } from '@tidemark/mysql';

import { atMost, awaitTurn, tookRows } from './await-turn.ts';
import type { CopyContext } from './copy-context.ts';

/** Where more than this share of a small range differs it is read whole: cheaper than naming its rows. */
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
 * Compares source and replica by digest.
 *
 * Rows that change while this goes on may be named though they are equal a moment later: they are read once more than
 * needed, nothing else. A row that changes behind the comparison is the business of the next run.
 */
export async function findDifferences(context: CopyContext): Promise<Differences> {
  const found: Differences = { ranges: [], changedKeys: [], goneKeys: [], sourceRows: 0 };
  const compared = compareTables({
    left: { session: context.source, table: context.sourceTable },
    right: { session: context.replica, table: context.replicaTable },
    key: context.key,
    columns: context.columns,
    mostRows: atMost(context, Infinity),
    beforeEach: () => awaitTurn(context),
    onDigest: (rows) => tookRows(context, rows),
  });
  for await (const range of compared) {
    found.sourceRows += range.leftRows;
    if (!range.isEqual) remember(found, range);
  }
  return found;
}

function remember(found: Differences, { range, leftRows, rows }: ComparedRange): void {
  const changed = rows ? [...rows.different, ...rows.leftOnly] : [];
  if (rows === null || changed.length > leftRows * SHARE_READ_WHOLE) found.ranges.push(range);
  else {
    found.changedKeys.push(...changed);
    found.goneKeys.push(...rows.rightOnly);
  }
}
