import { createChunkPace } from './chunk-pace.ts';
import { digestRange, type DigestInput } from './digest-range.ts';
import { digestRows } from './digest-rows.ts';
import { WHOLE_TABLE, type KeyRange, type KeyValue } from './key-columns.ts';
import type { MysqlSession } from './open-session.ts';
import { ordersAlike, type TableSide } from './orders-alike.ts';
import { isShortScan, type SeenReading } from './short-scan.ts';
import type { ColumnDescription } from './types.ts';
import { walkKeyRanges } from './walk-key-ranges.ts';

/** A range that differs is cut until it has no more rows than this on either side; then its rows are compared one by one. */
export const ROWS_OF_A_LEAF = 5_000;
const MOST_ROWS_PER_DIGEST = 200_000;

export interface TableComparison {
  /** The side whose keys make the ranges. */
  readonly left: TableSide;
  readonly right: TableSide;
  readonly key: readonly string[];
  /** Columns that take part, as the left table has them; the right one has columns of the same names. */
  readonly columns: readonly ColumnDescription[];
  /** Only the rows of this range. */
  readonly within?: KeyRange;
  /** Most rows of one digest. */
  readonly mostRows?: number;
  /** Awaited before each statement on a range: throws to end the comparison. */
  readonly beforeEach?: () => void | Promise<void>;
  /** Told how many rows of the left side a digest has read. */
  readonly onDigest?: (rows: number) => void;
}

/** Keys of the rows of a small range that are not the same on both sides. */
export interface NamedRows {
  readonly different: readonly KeyValue[];
  readonly leftOnly: readonly KeyValue[];
  readonly rightOnly: readonly KeyValue[];
}

/** What was found of one range. */
export interface ComparedRange {
  readonly range: KeyRange;
  readonly leftRows: number;
  readonly rightRows: number;
  readonly isEqual: boolean;
  /** Null where the range is equal; where it is not, but the right side has too many rows in it to name them. */
  readonly rows: NamedRows | null;
}

/**
 * Compares two tables range by range, each digest computed by its own server, both at the same time. Ranges follow the
 * left side's keys; what lies behind its last key belongs to the last range, so rows of the right side only are found
 * too. Where the right side cannot order the keys as the left one does, the whole table is one range.
 *
 * The ranges that are told cover every row once. Rows that change while this goes on may be named though they are equal
 * a moment later.
 */
export async function* compareTables(comparison: TableComparison): AsyncGenerator<ComparedRange> {
  const pace = createChunkPace({ mostRows: Math.min(MOST_ROWS_PER_DIGEST, comparison.mostRows ?? Infinity) });
  const seen = { rows: 0, ms: 0 };
  let mayScan = true;
  for await (const range of rangesOf(comparison, comparison.within ?? WHOLE_TABLE, () => pace.rows())) {
    const rest = mayScan ? restToScan(comparison, range, seen) : null;
    if (rest) {
      await comparison.beforeEach?.();
      const scanned = await compareRange(comparison, rest, { scan: true });
      if (scanned.isEqual) {
        yield scanned;
        return;
      }
      mayScan = false;
    }
    await comparison.beforeEach?.();
    const began = performance.now();
    const compared = await compareRange(comparison, range, { onLeft: (ms) => (seen.ms += ms) });
    pace.took(compared.leftRows, performance.now() - began);
    seen.rows += compared.leftRows;
    if (compared.isEqual) yield compared;
    else yield* narrow(comparison, compared);
  }
}

/**
 * From `range` to the end of the table, where one scan of it is short; null where ranges go on. A limit of rows is one of
 * rows that the server looks at, and a scan looks at all.
 */
function restToScan(
  { left, within, mostRows = Infinity }: TableComparison,
  range: KeyRange,
  seen: SeenReading,
): KeyRange | null {
  const rowsLeft = Math.max(0, left.table.estimatedRows - seen.rows);
  if (within || range.upTo === null || mostRows !== Infinity || !isShortScan(left.table, rowsLeft, seen)) return null;
  return { after: range.after, upTo: null };
}

function rangesOf(
  { left, right, key }: TableComparison,
  within: KeyRange,
  rowsPerRange: () => number,
): AsyncIterable<KeyRange> | Iterable<KeyRange> {
  if (!ordersAlike(left, right, key)) return [within];
  return walkKeyRanges(left.session, { table: left.table, key, rowsPerRange, within });
}

/** Cuts a range that differs into pieces until they are small, and compares the rows of those that still differ. */
async function* narrow(comparison: TableComparison, known: ComparedRange): AsyncGenerator<ComparedRange> {
  const { left, right, key } = comparison;
  const isLeaf = Math.max(known.leftRows, known.rightRows) <= ROWS_OF_A_LEAF;
  if (isLeaf || !ordersAlike(left, right, key)) {
    yield await compareRows(comparison, known.range);
    return;
  }
  for await (const piece of rangesOf(comparison, known.range, () => ROWS_OF_A_LEAF)) {
    await comparison.beforeEach?.();
    const compared = await compareRange(comparison, piece);
    // The left side has few rows here and the right one very many: they are not worth naming.
    if (compared.isEqual || compared.rightRows > 4 * ROWS_OF_A_LEAF) yield compared;
    else yield await compareRows(comparison, piece);
  }
}

async function compareRange(
  comparison: TableComparison,
  range: KeyRange,
  { scan = false, onLeft }: { readonly scan?: boolean; readonly onLeft?: (ms: number) => void } = {},
): Promise<ComparedRange> {
  const began = performance.now();
  const [left, right] = await onBothSides(comparison, range, async (session, input) => {
    if (session !== comparison.left.session) return digestRange(session, input);
    const digest = await digestRange(session, { ...input, scan });
    onLeft?.(performance.now() - began);
    return digest;
  });
  comparison.onDigest?.(left.rows);
  const isEqual = left.rows === right.rows && left.checksum === right.checksum;
  return { range, leftRows: left.rows, rightRows: right.rows, isEqual, rows: null };
}

async function compareRows(comparison: TableComparison, range: KeyRange): Promise<ComparedRange> {
  await comparison.beforeEach?.();
  const [left, right] = await onBothSides(comparison, range, digestRows);
  comparison.onDigest?.(left.size);
  const leftKeys = [...left.keys()];
  const rows = {
    different: leftKeys.filter((key) => right.has(key) && right.get(key) !== left.get(key)).map(parseKey),
    leftOnly: leftKeys.filter((key) => !right.has(key)).map(parseKey),
    rightOnly: [...right.keys()].filter((key) => !left.has(key)).map(parseKey),
  };
  const isEqual = Object.values(rows).every((keys) => keys.length === 0);
  return { range, leftRows: left.size, rightRows: right.size, isEqual, rows: isEqual ? null : rows };
}

function parseKey(text: string): KeyValue {
  const key: KeyValue = JSON.parse(text);
  return key;
}

/** Asks both servers the same about a range, at the same time. */
function onBothSides<Answer>(
  { left, right, key, columns }: TableComparison,
  range: KeyRange,
  ask: (session: MysqlSession, input: DigestInput) => Promise<Answer>,
): Promise<[Answer, Answer]> {
  const theirs = columns.map((column) => right.table.columns.find(({ name }) => name === column.name) ?? column);
  // NULL is marked where a column may be NULL: both sides must agree on where, or equal rows differ.
  const nullable = columns.map((column, index) => column.nullable || theirs[index]?.nullable === true);
  const marked = (column: ColumnDescription, index: number): ColumnDescription => ({
    ...column,
    nullable: nullable[index] ?? column.nullable,
  });
  return Promise.all([
    ask(left.session, { table: left.table, key, columns: columns.map(marked), range }),
    ask(right.session, { table: right.table, key, columns: theirs.map(marked), range }),
  ]);
}
