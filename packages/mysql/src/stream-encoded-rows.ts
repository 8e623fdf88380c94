import { Readable } from 'node:stream';

import { classifyDriverError, TidemarkError } from '@tidemark/errors';
import type { Query } from 'mysql2';

import { breakConnection } from './break-connection.ts';
import type { MysqlParameter, MysqlSession } from './open-session.ts';
import { RowEncoder, type EncoderOptions } from './row-encoder.ts';

export interface EncodedRows {
  /** Encoded rows in pieces; ends when the statement has given its last row. */
  readonly stream: Readable;
  readonly encoder: RowEncoder;
}

/** The part of mysql2's packet that the row path reads. */
interface RowPacket {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly end: number;
  isEOF(): boolean;
}

type RowState = (packet: RowPacket, connection: unknown) => unknown;

/** Pieces (of a quarter of a megabyte) that are buffered between the two servers before the reading side is paused. */
const BUFFERED_PIECES = 18;

/**
 * Runs a SELECT and streams its rows in the encoding of the target, in flat memory.
 *
 * mysql2's own row parser is bypassed: its Query command asks `row(packet)` for each row packet of a result, and that
 * method is replaced on this one command. `stream-encoded-rows.mysql.test.ts` fails when a version of mysql2 changes this.
 * The statement has a callback, because mysql2 tells a lost connection to callbacks only, not to the command's listeners.
 * A consumer that stops early ends the connection, because MySQL has no other way to stop a running result.
 */
export function streamEncodedRows(
  session: MysqlSession,
  statement: { readonly sql: string; readonly params?: readonly MysqlParameter[] },
  options: Omit<EncoderOptions, 'emit'>,
): EncodedRows {
  const { connection } = session;
  let isRunning = true;
  const stream = new Readable({
    // Pieces stay as the encoder cut them: a stream of bytes would join what is buffered, and servers limit what they take
    // at once.
    objectMode: true,
    highWaterMark: BUFFERED_PIECES,
    read: () => {
      if (isRunning) connection.resume();
    },
    destroy: (error, callback) => {
      if (isRunning) breakConnection(connection);
      callback(error);
    },
  });
  // Whoever reads the rows may begin later, and is told then: before that nobody listens, and the error would end the
  // process.
  stream.on('error', () => {});
  const encoder = new RowEncoder({
    ...options,
    emit: (chunk) => {
      // Once the last row is here nothing may pause the connection: nobody would resume it for the next statement.
      if (!stream.push(chunk) && isRunning) connection.pause();
    },
  });
  const ended = (error: Error | null): void => {
    isRunning = false;
    if (error) {
      stream.destroy(classifyDriverError(error, session.where));
      return;
    }
    encoder.finish();
    stream.push(null);
  };
  const query = connection.query({ sql: statement.sql, values: [...(statement.params ?? [])] }, ended);
  interceptRows(query, (packet) => {
    if (!stream.destroyed) encoder.encodeRow(packet.buffer, packet.offset, packet.end);
  });
  return { stream, encoder };
}

function interceptRows(query: Query, take: (packet: RowPacket) => void): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- mysql2 does not type the states of its commands
  const command = query as unknown as { row?: RowState };
  const original = command.row;
  if (typeof original !== 'function') {
    throw new TidemarkError('INTERNAL', {
      message: 'this version of mysql2 does not offer its row packets',
      hint: 'Install the version of mysql2 that the lock file names.',
    });
  }
  const takeRow: RowState = (packet, connection) => {
    if (packet.isEOF()) return original.call(query, packet, connection);
    take(packet);
    return takeRow;
  };
  command.row = takeRow;
}
