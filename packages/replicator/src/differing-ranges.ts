import { createChunkPace, digestRange, walkKeyRanges, type KeyRange, type RangeDigest } from '@tidemark/mysql';

import { stopIfAsked, type CopyContext } from './copy-context.ts';

/** A range that differs is cut until it has no more source rows than this; then it is read. */
const ROWS_OF_A_LEAF = 250;
const PIECES_PER_CUT = 16;
const MOST_ROWS_PER_DIGEST = 200_000;

export interface Comparison {
  /** Small ranges whose rows differ. */
  readonly differing: readonly KeyRange[];
  readonly sourceRows: number;
}

/**
 * Compares source and replica range by range, each digest computed by its own server, both at the same time. Ranges
 * follow the source's keys; what lies behind its last key belongs to the last range, so extra rows are found too.
 *
 * Rows that change while this goes on may make a range differ that is equal a moment later: it is read once more than
 * needed, nothing else. A row that changes behind the comparison is the business of the next run.
 */
export async function findDifferingRanges(context: CopyContext): Promise<Comparison> {
  const pace = createChunkPace({ mostRows: MOST_ROWS_PER_DIGEST });
  const differing: KeyRange[] = [];
  let sourceRows = 0;
  const walk = walkKeyRanges(context.source, {
    table: context.sourceTable,
    key: context.key,
    rowsPerRange: () => pace.rows(),
  });
  for await (const range of walk) {
    stopIfAsked(context);
    const began = performance.now();
    const { source, isEqual } = await compareRange(context, range);
    pace.took(source.rows, performance.now() - began);
    sourceRows += source.rows;
    if (!isEqual) differing.push(...(await narrow(context, range, source.rows)));
  }
  return { differing, sourceRows };
}

/** Cuts a range that differs into pieces until they are small, and keeps those that still differ. */
async function narrow(context: CopyContext, range: KeyRange, rows: number): Promise<KeyRange[]> {
  if (rows <= ROWS_OF_A_LEAF) return [range];
  const leaves: KeyRange[] = [];
  const rowsPerRange = Math.max(ROWS_OF_A_LEAF, Math.ceil(rows / PIECES_PER_CUT));
  const pieces = walkKeyRanges(context.source, {
    table: context.sourceTable,
    key: context.key,
    rowsPerRange: () => rowsPerRange,
    within: range,
  });
  for await (const piece of pieces) {
    stopIfAsked(context);
    const { source, isEqual } = await compareRange(context, piece);
    // A piece as large as the whole cannot be cut further: rows were inserted into it meanwhile.
    if (!isEqual) leaves.push(...(source.rows < rows ? await narrow(context, piece, source.rows) : [piece]));
  }
  return leaves;
}

async function compareRange(context: CopyContext, range: KeyRange): Promise<{ source: RangeDigest; isEqual: boolean }> {
  const replicaColumns = context.columns.map(
    (column) => context.replicaTable.columns.find((candidate) => candidate.name === column.name) ?? column,
  );
  // NULL is marked where a column may be NULL: both sides must agree on where, or equal rows differ.
  const nullable = context.columns.map((column, index) => column.nullable || replicaColumns[index]?.nullable === true);
  const marked = <T extends { readonly nullable: boolean }>(column: T, index: number): T => ({
    ...column,
    nullable: nullable[index] ?? column.nullable,
  });
  const [source, replica] = await Promise.all([
    digestRange(context.source, {
      table: context.sourceTable,
      key: context.key,
      columns: context.columns.map(marked),
      range,
    }),
    digestRange(context.replica, {
      table: context.replicaTable,
      key: context.key,
      columns: replicaColumns.map(marked),
      range,
    }),
  ]);
  return { source, isEqual: source.rows === replica.rows && source.checksum === replica.checksum };
}
