import { quoteMysqlIdentifier } from '@tidemark/incremental';
import {
  forceKeyIndex,
  keyColumns,
  rangeCondition,
  readExpression,
  streamEncodedRows,
  type EncodingTarget,
  type KeyRange,
  type MysqlParameter,
} from '@tidemark/mysql';

import { awaitTurn, tookRows } from './await-turn.ts';
import type { CopyContext } from './copy-context.ts';
import type { RowObservers } from './observe-rows.ts';

/** One bounded statement on the source. */
export interface ReadPiece {
  readonly range: KeyRange;
  /** Further condition: the predicate of an incremental plan. */
  readonly filter?: { readonly sql: string; readonly params: readonly MysqlParameter[] };
}

export interface ReadTotals {
  rows: number;
  bytes: number;
}

export interface ReadOptions {
  readonly target: EncodingTarget;
  readonly observers: RowObservers;
  readonly totals: ReadTotals;
  /** SQL of the sequence value, appended to every row (`insert` only). */
  readonly rowTail?: string;
  /** Told how long each piece took, rows and milliseconds. */
  readonly took?: (rows: number, ms: number) => void;
}

/**
 * Reads pieces of the source one after the other, each by a short statement of its own, and yields encoded rows. A run
 * that is asked to stop stops between two pieces.
 */
export async function* readSource(
  context: CopyContext,
  pieces: AsyncIterable<ReadPiece> | Iterable<ReadPiece>,
  options: ReadOptions,
): AsyncGenerator<Buffer> {
  const { deps, input, source, columns } = context;
  for await (const piece of pieces) {
    await awaitTurn(context);
    const began = performance.now();
    const { stream, encoder } = streamEncodedRows(source, selectStatement(context, piece), {
      columns,
      target: options.target,
      observe: options.observers.byPosition,
      ...(options.rowTail === undefined ? {} : { rowTail: options.rowTail }),
    });
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      yield chunk;
      deps.onProgress?.({
        type: 'progress',
        hop: 'copy',
        table: input.table,
        rows: options.totals.rows + encoder.rows,
        bytes: options.totals.bytes + encoder.bytes,
      });
    }
    tookRows(context, encoder.rows);
    options.totals.rows += encoder.rows;
    options.totals.bytes += encoder.bytes;
    options.took?.(encoder.rows, performance.now() - began);
  }
}

function selectStatement(context: CopyContext, piece: ReadPiece): { sql: string; params: MysqlParameter[] } {
  const where = rangeCondition(keyColumns(context.sourceTable, context.key), piece.range);
  const list = context.columns.map((column) => readExpression(column, 'replica')).join(', ');
  const byKey = forceKeyIndex(context.sourceTable, context.key, piece.range);
  const filter = piece.filter ? ` AND (${piece.filter.sql})` : '';
  return {
    sql: `SELECT ${list} FROM ${quoteMysqlIdentifier(context.sourceTable.name)}${byKey} WHERE ${where.sql}${filter}`,
    params: [...where.params, ...(piece.filter?.params ?? [])],
  };
}
