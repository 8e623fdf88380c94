import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';

import { classifyDriverError, TidemarkError } from '@tidemark/errors';
import { quoteMysqlIdentifier } from '@tidemark/incremental';
import { columnForm, type ColumnDescription, type MysqlSession } from '@tidemark/mysql';
import type { ResultSetHeader } from 'mysql2';

export interface WriteTarget {
  readonly table: string;
  readonly columns: readonly ColumnDescription[];
  /** Written to the sequence column of every row; null for a table without one (staging). */
  readonly sequence: { readonly column: string; readonly value: string } | null;
}

/** Encoded pieces of rows, whole rows each. */
export type RowPieces = AsyncIterable<Buffer>;

/**
 * Streams encoded rows into a replica table by LOAD DATA LOCAL INFILE, by key: a row that is there is replaced.
 *
 * REPLACE is what makes the server refuse a value that does not fit: LOCAL without it turns every error into a warning
 * (MySQL manual, LOAD DATA, "Handling duplicate keys and errors").
 *
 * @returns rows the server wrote; one that took the place of another counts twice, as REPLACE counts it
 */
export async function loadRows(replica: MysqlSession, target: WriteTarget, pieces: RowPieces): Promise<number> {
  const header = await sendInfile(replica, loadStatement(target), pieces);
  const { records, replaced, skipped, warnings } = parseInfo(header.info);
  if (skipped > 0 || warnings > 0) {
    if (await isPacketWarning(replica)) throw tooLarge();
    throw new TidemarkError('VALUE_REFUSED', {
      message: `replica: ${warnings} warnings and ${skipped} skipped rows while rows were written`,
      hint: 'A column of the replica holds less than the one of the source: compare them, then run with --full-refresh.',
    });
  }
  return records + replaced;
}

/** The same through multi-row REPLACE statements, for servers with local_infile off. Pieces are `(…),(…),`. */
export async function insertRows(replica: MysqlSession, target: WriteTarget, pieces: RowPieces): Promise<number> {
  let written = 0;
  const columns = target.columns.map((column) => column.name);
  const names = [...columns, ...(target.sequence ? [target.sequence.column] : [])].map(quoteMysqlIdentifier);
  const head = Buffer.from(`REPLACE INTO ${quoteMysqlIdentifier(target.table)} (${names.join(', ')}) VALUES `);
  for await (const piece of pieces) {
    // The server would break the connection, and what it says of it may be lost with it.
    if (head.length + piece.length > replica.facts.maxAllowedPacket) throw tooLarge();
    written += await replica.execute(Buffer.concat([head, piece.subarray(0, piece.length - 1)]).toString('utf8'));
  }
  return written;
}

/** ER_WARN_ALLOWED_PACKET_OVERFLOWED: a function of LOAD DATA gave NULL in place of a value that is too long. */
const PACKET_OVERFLOW = 1301;

async function isPacketWarning(replica: MysqlSession): Promise<boolean> {
  const warnings = await replica.query('SHOW WARNINGS');
  return warnings.some((warning) => Number(warning['Code']) === PACKET_OVERFLOW);
}

function tooLarge(): TidemarkError {
  return new TidemarkError('PACKET_TOO_LARGE', {
    message: 'replica: a row is larger than max_allowed_packet of the server',
    hint: 'Raise max_allowed_packet on source and replica.',
  });
}

function loadStatement(target: WriteTarget): string {
  const assignments: string[] = [];
  const fields = target.columns.map((column, index) => {
    const name = quoteMysqlIdentifier(column.name);
    switch (columnForm(column)) {
      case 'binary':
      case 'geometry':
        assignments.push(`${name} = UNHEX(@v${index})`);
        return `@v${index}`;
      case 'bit':
        assignments.push(`${name} = CAST(@v${index} AS UNSIGNED)`);
        return `@v${index}`;
      default:
        return name;
    }
  });
  if (target.sequence)
    assignments.push(`${quoteMysqlIdentifier(target.sequence.column)} = ${BigInt(target.sequence.value)}`);
  const set = assignments.length > 0 ? ` SET ${assignments.join(', ')}` : '';
  return `LOAD DATA LOCAL INFILE 'rows' REPLACE INTO TABLE ${quoteMysqlIdentifier(target.table)}
    CHARACTER SET utf8mb4 FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n'
    (${fields.join(', ')})${set}`;
}

async function sendInfile(replica: MysqlSession, sql: string, pieces: RowPieces): Promise<ResultSetHeader> {
  const source = Readable.from(withinWriteBuffer(replica, pieces), { objectMode: true, highWaterMark: 4 });
  try {
    return await new Promise<ResultSetHeader>((resolve, reject) => {
      replica.connection.query<ResultSetHeader>({ sql, infileStreamFactory: () => source }, (error, header) =>
        error ? reject(error) : resolve(header),
      );
    });
  } catch (error) {
    throw classifyDriverError(error, replica.where);
  } finally {
    source.destroy();
  }
}

/** mysql2 writes infile data without looking at the socket's buffer; waiting here keeps memory flat on a slow replica. */
async function* withinWriteBuffer(replica: MysqlSession, pieces: RowPieces): AsyncGenerator<Buffer> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- mysql2 does not type the socket of a connection
  const { stream } = replica.connection as unknown as { readonly stream: Socket };
  for await (const piece of pieces) {
    yield piece;
    if (stream.writableNeedDrain && !stream.destroyed) await drained(stream);
  }
}

async function drained(stream: Socket): Promise<void> {
  const either = new AbortController();
  try {
    await Promise.race(['drain', 'close'].map((event) => once(stream, event, { signal: either.signal })));
  } finally {
    // The listener of the other would stay, one for each piece.
    either.abort();
  }
}

/** `Records: 3  Deleted: 0  Skipped: 0  Warnings: 0`; the words are fixed, whatever the server's language. */
function parseInfo(info: string): { records: number; replaced: number; skipped: number; warnings: number } {
  const [records = 0, replaced = 0, skipped = 0, warnings = 0] = [...info.matchAll(/\d+/g)].map(Number);
  return { records, replaced, skipped, warnings };
}
