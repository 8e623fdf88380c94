import { TidemarkError } from '@tidemark/errors';
import { quoteMysqlIdentifier } from '@tidemark/incremental';

import { forceKeyIndex } from './force-key-index.ts';
import { keyColumns, keyOrder, rangeCondition, type KeyRange, type KeyValue } from './key-columns.ts';
import type { MysqlSession } from './open-session.ts';
import type { TableDescription } from './types.ts';

export interface WalkOptions {
  readonly table: TableDescription;
  readonly key: readonly string[];
  /** Rows per range; asked anew for each range, so that it can follow the time the last one took. */
  readonly rowsPerRange: () => number;
  /** Where to begin: a resume point. */
  readonly startAfter?: KeyValue | null;
  /** Stay within this range (to cut a range that differs into smaller ones). */
  readonly within?: KeyRange;
}

/**
 * Cuts a table into ranges by its key, following the real distribution of keys: random 63-bit keys and gaps cost
 * nothing. Each boundary is one short statement on the key's index. The last range is open, so that rows which appear
 * behind it belong to somebody; together the ranges cover every possible key exactly once.
 *
 * The server's estimate of a table's size is not asked: it may say 0 of a table that was just restored.
 *
 * @throws TidemarkError READ_DID_NOT_ADVANCE when the server gives the same boundary twice
 */
export async function* walkKeyRanges(session: MysqlSession, options: WalkOptions): AsyncGenerator<KeyRange> {
  const upTo = options.within?.upTo ?? null;
  let after: KeyValue | null = options.startAfter ?? options.within?.after ?? null;
  for (;;) {
    const boundary = await findBoundary(session, options, { after, upTo });
    if (boundary === null || isSame(boundary, upTo)) {
      yield { after, upTo };
      return;
    }
    if (isSame(boundary, after)) throw didNotAdvance(session.where, options.table.name);
    yield { after, upTo: boundary };
    after = boundary;
  }
}

/**
 * The key that ends the next so many rows of `range`; null when the range has fewer.
 *
 * The OFFSET pages through nothing: every statement begins at a key, and passes no more index entries than the rows that
 * its range is to have. Half the time of sorting those rows backwards for the last.
 */
async function findBoundary(session: MysqlSession, options: WalkOptions, range: KeyRange): Promise<KeyValue | null> {
  const columns = keyColumns(options.table, options.key);
  const where = rangeCondition(columns, range);
  const rows = Math.max(1, Math.round(options.rowsPerRange()));
  const [row] = await session.query(
    `SELECT ${columns.map((column, index) => `${column.read} AS k${index}`).join(', ')}
       FROM ${quoteMysqlIdentifier(options.table.name)}${forceKeyIndex(options.table, options.key, 'ordered')}
      WHERE ${where.sql} ORDER BY ${keyOrder(columns)} LIMIT 1 OFFSET ${rows - 1}`,
    where.params,
  );
  return row ? columns.map((_, index) => row[`k${index}`] ?? '') : null;
}

function isSame(left: KeyValue, right: KeyValue | null): boolean {
  return right !== null && left.every((part, index) => part === right[index]);
}

function didNotAdvance(where: string, table: string): TidemarkError {
  return new TidemarkError('READ_DID_NOT_ADVANCE', {
    message: `${where}: reading by key did not advance`,
    hint: 'The key of this table is not unique or not ordered: name a unique key in tables.yml (primary_key).',
    table,
  });
}
