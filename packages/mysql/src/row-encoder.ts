// oxlint-disable typescript/no-unsafe-type-assertion -- bytes inside the bounds of a buffer are numbers; `?? 0` would be paid for every byte of every row
import { isUtf8 } from 'node:buffer';

import { columnForm } from './column-form.ts';
import { isStorableDate } from './storable-date.ts';
import type { ColumnDescription, ValueChanges } from './types.ts';

/**
 * `copy`: PostgreSQL's COPY text format. `load_data`: MySQL's LOAD DATA with its default escapes. `insert`: the list
 * behind VALUES, each row `(…),`, for servers that do not allow LOAD DATA LOCAL.
 */
export type EncodingTarget = 'copy' | 'load_data' | 'insert';

export interface EncoderOptions {
  readonly columns: readonly ColumnDescription[];
  readonly target: EncodingTarget;
  /** Called with every value of a column, by its position; used for watermarks. Values are ASCII text or null. */
  readonly observe?: ReadonlyMap<number, (value: string | null) => void>;
  /** Receives pieces of the encoded rows; for `insert` each is a whole number of rows. The buffer belongs to the receiver. */
  readonly emit: (chunk: Buffer) => void;
  /**
   * Size of the pieces in bytes. None is longer (a piece over max_allowed_packet would make MySQL end the connection),
   * but that a row for `insert` stays in one piece.
   */
  readonly pieceBytes?: number;
  /** SQL of further values of every row (`insert` only). */
  readonly rowTail?: string;
}

const HANDLING = { plain: 0, text: 1, hex: 2, date: 3, json: 4 } as const;
type Handling = (typeof HANDLING)[keyof typeof HANDLING];

const TAB = 9;
const NEWLINE = 10;
const BACKSLASH = 92;
const NULL_MARK = 0xfb;

/** Byte → letter that follows the backslash; 0 for bytes that stand for themselves. Both formats share these. */
const ESCAPES = new Uint8Array(256);
ESCAPES[BACKSLASH] = BACKSLASH;
ESCAPES[TAB] = 0x74; // t
ESCAPES[NEWLINE] = 0x6e; // n
ESCAPES[13] = 0x72; // r
const QUOTE = 39;
const HEX_DIGITS = Buffer.from('0123456789ABCDEF');
ESCAPES[0] = 0x30; // MySQL: \0 is NUL. PostgreSQL text cannot hold NUL: it is stripped before this is looked at.

/**
 * Turns result rows of MySQL's text protocol straight into COPY or LOAD DATA text.
 *
 * Works on the bytes of the packet: no JavaScript string, number or Date is made of a value, so nothing can be rounded
 * and a million rows cost about a second. A row packet is a sequence of length-encoded strings, 0xfb standing for NULL
 * (MySQL client/server protocol, "Text Resultset Row").
 */
export class RowEncoder {
  rows = 0;
  bytes = 0;
  readonly changes: ValueChanges = { zeroDates: 0, nulStripped: 0, outOfRange: 0 };

  readonly #handling: readonly Handling[];
  readonly #observe: readonly (((value: string | null) => void) | undefined)[];
  readonly #emit: (chunk: Buffer) => void;
  readonly #pieceBytes: number;
  readonly #forPostgres: boolean;
  readonly #separator: number;
  readonly #frame: InsertFrame | null;
  #out: Buffer;
  #at = 0;

  constructor(options: EncoderOptions) {
    this.#forPostgres = options.target === 'copy';
    this.#frame = options.target === 'insert' ? insertFrame(options.columns, options.rowTail ?? '') : null;
    this.#separator = this.#frame ? COMMA : TAB;
    this.#handling = options.columns.map((column) => handlingOf(column, options.target));
    this.#observe = options.columns.map((_, index) => options.observe?.get(index));
    this.#emit = options.emit;
    this.#pieceBytes = options.pieceBytes ?? 256 * 1024;
    this.#out = Buffer.allocUnsafe(this.#pieceBytes);
  }

  /** Encodes one row packet that lies at [offset, end) of `packet`. */
  encodeRow(packet: Buffer, offset: number, end: number): void {
    this.#reserve(end - offset);
    const handling = this.#handling;
    const frame = this.#frame;
    let from = offset;
    if (frame) this.#out[this.#at++] = OPEN;
    for (let index = 0; index < handling.length; index += 1) {
      // Not a local copy of the buffer: writing a value may have replaced it.
      if (index > 0) this.#out[this.#at++] = this.#separator;
      let length = packet[from++] ?? 0;
      if (length === NULL_MARK) {
        this.#writeNull();
        this.#observe[index]?.(null);
        continue;
      }
      if (length > NULL_MARK) {
        const width = length === 0xfc ? 2 : length === 0xfd ? 3 : 6;
        length = packet.readUIntLE(from, width);
        from += width === 6 ? 8 : width;
      }
      const to = from + length;
      if (frame) this.#append(frame.open[index]);
      this.#writeValue(packet, from, to, handling[index] ?? HANDLING.plain);
      if (frame) this.#append(frame.close[index]);
      this.#observe[index]?.(packet.toString('latin1', from, to));
      from = to;
    }
    if (frame) this.#append(frame.endOfRow);
    else this.#out[this.#at++] = NEWLINE;
    this.rows += 1;
  }

  /** Hands over what is left. */
  finish(): void {
    if (this.#at > 0) this.#flush();
  }

  #reserve(rowBytes: number): void {
    // Escaping at most doubles a value; NULL takes two bytes, separators one a column, `\x` two.
    const needed = rowBytes * 2 + this.#handling.length * 5 + 8 + (this.#frame?.mostBytes ?? 0);
    if (this.#out.length - this.#at >= needed) return;
    if (this.#at > 0) this.#flush(needed);
    else this.#out = Buffer.allocUnsafe(needed);
  }

  #flush(next = 0): void {
    this.bytes += this.#at;
    const longest = this.#frame ? this.#at : this.#pieceBytes;
    for (let from = 0; from < this.#at; from += longest) {
      this.#emit(this.#out.subarray(from, Math.min(from + longest, this.#at)));
    }
    this.#out = Buffer.allocUnsafe(Math.max(this.#pieceBytes, next));
    this.#at = 0;
  }

  #append(bytes: Buffer | undefined): void {
    if (bytes) this.#at += bytes.copy(this.#out, this.#at);
  }

  #writeNull(): void {
    if (this.#frame) return this.#append(SQL_NULL);
    this.#out[this.#at++] = BACKSLASH;
    this.#out[this.#at++] = 0x4e; // N
    return undefined;
  }

  #writeValue(packet: Buffer, from: number, to: number, handling: Handling): void {
    switch (handling) {
      case HANDLING.plain:
        this.#copy(packet, from, to);
        return;
      case HANDLING.text:
        this.#writeText(packet, from, to);
        return;
      case HANDLING.hex:
        this.#writeHex(packet, from, to);
        return;
      case HANDLING.date:
        this.#writeDate(packet, from, to);
        return;
      case HANDLING.json:
        this.#writeJson(packet, from, to);
        return;
      default:
        handling satisfies never;
    }
  }

  #copy(packet: Buffer, from: number, to: number): void {
    const out = this.#out;
    let at = this.#at;
    if (to - from > 48) {
      packet.copy(out, at, from, to);
      at += to - from;
    } else {
      for (let read = from; read < to; read += 1) out[at++] = packet[read] as number;
    }
    this.#at = at;
  }

  #writeText(packet: Buffer, from: number, to: number): void {
    const out = this.#out;
    const start = this.#at;
    let at = start;
    let seen = 0;
    let stripped = false;
    const quoted = this.#frame !== null;
    for (let read = from; read < to; read += 1) {
      const byte = packet[read] as number;
      seen |= byte;
      const escape = ESCAPES[byte] as number;
      if (escape === 0) {
        // Two quotes stand for one inside a quoted SQL string; the other formats have no quotes.
        if (byte === QUOTE && quoted) out[at++] = QUOTE;
        out[at++] = byte;
      } else if (byte === 0 && this.#forPostgres) stripped = true;
      else {
        out[at++] = BACKSLASH;
        out[at++] = escape;
      }
    }
    this.#at = at;
    if (this.#forPostgres && seen > 127 && !isUtf8(packet.subarray(from, to))) {
      this.#at = start;
      this.#replaceInvalid(packet.subarray(from, to));
      return;
    }
    if (stripped) this.changes.nulStripped += 1;
  }

  /** Bytes that are no UTF-8 (stored through a wrong connection charset) would make COPY refuse the whole load. */
  #replaceInvalid(value: Buffer): void {
    const mended = Buffer.from(value.toString('utf8'));
    this.changes.outOfRange += 1;
    // A replacement character is three bytes for one: the room reserved for the row may not do.
    const kept = this.#out.subarray(0, this.#at);
    this.#out = Buffer.allocUnsafe(this.#out.length + mended.length * 2);
    kept.copy(this.#out);
    this.#writeText(mended, 0, mended.length);
  }

  /** Two digits a byte; PostgreSQL wants `\\x` before them, and its backslash doubled. */
  #writeHex(packet: Buffer, from: number, to: number): void {
    if (this.#forPostgres) {
      this.#out[this.#at++] = BACKSLASH;
      this.#out[this.#at++] = BACKSLASH;
      this.#out[this.#at++] = 0x78; // x
    }
    const out = this.#out;
    let at = this.#at;
    for (let read = from; read < to; read += 1) {
      const byte = packet[read] as number;
      out[at++] = HEX_DIGITS[byte >> 4] as number;
      out[at++] = HEX_DIGITS[byte & 15] as number;
    }
    this.#at = at;
  }

  #writeDate(packet: Buffer, from: number, to: number): void {
    const verdict = isStorableDate(packet, from);
    if (verdict === 'yes') return this.#copy(packet, from, to);
    this.changes[verdict === 'zero' ? 'zeroDates' : 'outOfRange'] += 1;
    return this.#writeNull();
  }

  /** jsonb cannot hold \u0000 (PostgreSQL manual, 8.14): the six characters are left out, as NUL is from text. */
  #writeJson(packet: Buffer, from: number, to: number): void {
    const text = packet.subarray(from, to);
    if (!text.includes('\\u0000')) return this.#writeText(packet, from, to);
    const kept = Buffer.from(text.toString('utf8').replaceAll(/(\\\\)|\\u0000/g, '$1'));
    if (kept.length < text.length) this.changes.nulStripped += 1;
    return this.#writeText(kept, 0, kept.length);
  }
}

interface InsertFrame {
  readonly open: readonly Buffer[];
  readonly close: readonly Buffer[];
  readonly endOfRow: Buffer;
  readonly mostBytes: number;
}

const COMMA = 44;
const OPEN = 40;
const SQL_NULL = Buffer.from('NULL');

/** What stands around each value of a row in a VALUES list. */
function insertFrame(columns: readonly ColumnDescription[], tail: string): InsertFrame {
  const sides = columns.map((column): readonly [string, string] => {
    const form = columnForm(column);
    if (form === 'binary' || form === 'geometry') return ["UNHEX('", "')"];
    if (form === 'bit') return ["CAST('", "' AS UNSIGNED)"];
    return ["'", "'"];
  });
  const endOfRow = Buffer.from(`${tail === '' ? '' : `,${tail}`}),`);
  return {
    open: sides.map(([open]) => Buffer.from(open)),
    close: sides.map(([, close]) => Buffer.from(close)),
    endOfRow,
    mostBytes: columns.length * 32 + endOfRow.length,
  };
}

function handlingOf(column: ColumnDescription, target: EncodingTarget): Handling {
  switch (columnForm(column)) {
    case 'text':
    case 'enum':
      return HANDLING.text;
    case 'json':
      return target === 'copy' ? HANDLING.json : HANDLING.text;
    case 'binary':
    case 'geometry':
      return HANDLING.hex;
    case 'date':
    case 'datetime':
    case 'timestamp':
      return target === 'copy' ? HANDLING.date : HANDLING.plain;
    default:
      return HANDLING.plain;
  }
}
