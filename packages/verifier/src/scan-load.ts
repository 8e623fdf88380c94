import { quoteMysqlIdentifier } from '@tidemark/incremental';
import {
  columnForm,
  keyColumns,
  keyOrder,
  openMysqlSession,
  readExpression,
  streamEncodedRows,
  type ColumnDescription,
  type KeyValue,
  type MysqlSession,
} from '@tidemark/mysql';
import type { PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

import { rawOrder } from './describe-raw.ts';
import { LineCursor } from './line-cursor.ts';
import { mergeRows } from './merge-rows.ts';
import { valueKind } from './same-value.ts';
import type { ScannedRows } from './scan-copy.ts';
import { columnsInRaw, keyDescriptions, stopIfAsked, type VerifyContext } from './verify-context.ts';

/** Connections of their own for the two long reads. */
export interface LongReads {
  readonly replica: MysqlSession;
  readonly warehouse: PoolClient;
  /** Says that both were read to their end, so that the connections can be used again. */
  readonly done: () => void;
}

/** Opens the replica for one long read. The replica is ours: it may be read in one statement. */
export async function openLongRead({ deps }: Pick<VerifyContext, 'deps'>): Promise<MysqlSession> {
  const session = await openMysqlSession(deps.replica, { where: 'replica', stallTimeoutMs: deps.stallTimeoutMs });
  try {
    // The server gives up on a reader that takes nothing for so long, and sorts no more bytes of a text than so many.
    await session.execute('SET SESSION net_write_timeout = 600, max_sort_length = 65536');
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

/**
 * Replica against raw: both servers send their rows in the order of the key, and the two streams are compared in this
 * process. The replica's come as the load would write them, raw's as COPY writes them out, and that is nearly always
 * the same text. Gives the keys of rows that are not the same.
 */
export async function* scanLoad(
  context: VerifyContext,
  reads: LongReads,
  scanned: ScannedRows,
): AsyncGenerator<KeyValue[]> {
  const parts = keyDescriptions(context);
  const others = columnsInRaw(context).filter(({ replica }) => !context.key.includes(replica.name));
  const columns = [...parts, ...others.map(({ replica }) => replica)];
  const { stream } = streamEncodedRows(
    reads.replica,
    { sql: replicaSelect(context, columns) },
    { columns, target: 'copy' },
  );
  const copy = reads.warehouse.query(copyTo(rawSelect(context, columns)));
  // Raw's first row is asked for when the replica's is there: an error before that must wait for whoever asks.
  copy.on('error', (error) => copy.destroy(error));
  const [left, right] = [new LineCursor(stream), new LineCursor(copy)];
  const kinds = columns.map((column) => valueKind(column, context.raw.columns.get(column.name)?.type ?? ''));
  try {
    for await (const keys of mergeRows(left, right, { key: parts, kinds })) {
      stopIfAsked(context);
      yield keys;
    }
    reads.done();
  } finally {
    scanned.left = left.lines;
    scanned.right = right.lines;
    // Left early, both reads go on on their servers: their connections are ended by whoever opened them.
    stream.destroy();
    copy.destroy();
  }
}

function replicaSelect(context: VerifyContext, columns: readonly ColumnDescription[]): string {
  const { replicaTable, key } = context;
  const list = columns.map((column) => readExpression(column, 'warehouse')).join(', ');
  return `SELECT ${list} FROM ${quoteMysqlIdentifier(replicaTable.name)} ORDER BY ${replicaOrder(context, key)}`;
}

/** Text in the order of its bytes, which both servers know; everything else in the order of its key. */
function replicaOrder(context: VerifyContext, key: readonly string[]): string {
  const { replicaTable } = context;
  return keyDescriptions(context)
    .map((column, place) => {
      const form = columnForm(column);
      if (form === 'text' || form === 'enum' || form === 'json') {
        return `CAST(CONVERT(${quoteMysqlIdentifier(column.name)} USING utf8mb4) AS BINARY)`;
      }
      return keyOrder(keyColumns(replicaTable, [key[place] ?? '']));
    })
    .join(', ');
}

function rawSelect({ raw, key, replicaTable }: VerifyContext, columns: readonly ColumnDescription[]): string {
  const list = columns.map(({ name }) => raw.columns.get(name)?.expression ?? 'NULL').join(', ');
  const order = key.flatMap((name) => {
    const column = raw.columns.get(name);
    const description = replicaTable.columns.find((candidate) => candidate.name === name);
    return column && description ? [rawOrder(description, column)] : [];
  });
  const where = raw.marksDeleted ? 'WHERE t._tidemark_deleted_at IS NULL' : '';
  return `COPY (SELECT ${list.length > 0 ? list : '1'} FROM ${raw.qualified} AS t ${where} ORDER BY ${order.join(', ')}) TO STDOUT`;
}
