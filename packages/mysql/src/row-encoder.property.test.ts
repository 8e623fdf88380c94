import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { column } from '../test/columns.ts';
import { decodeLines, decodeTuples } from '../test/decode-rows.ts';
import { rowPacket, type PacketValue } from '../test/row-packet.ts';
import { RowEncoder, type EncoderOptions, type EncodingTarget } from './row-encoder.ts';
import type { ColumnDescription } from './types.ts';

const awkwardText = fc.string({
  unit: fc.constantFrom(...Array.from('\0\t\n\r\v\f\b\u001a\'"\\|,();N.a-z0é€\u{1F9B7}')),
  maxLength: 40,
});
const anyBytes = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const longText = fc
  .tuple(awkwardText, fc.integer({ min: 1, max: 4000 }))
  .map(([text, times]) => text.repeat(times))
  .filter((text) => text.length < 200_000);

const KINDS: readonly { readonly column: ColumnDescription; readonly bytes: fc.Arbitrary<Buffer> }[] = [
  { column: column('note', 'varchar(255)'), bytes: fc.oneof(awkwardText, longText).map((text) => Buffer.from(text)) },
  { column: column('raw', 'text'), bytes: anyBytes },
  { column: column('blob', 'longblob'), bytes: anyBytes },
  { column: column('number', 'bigint(20)'), bytes: fc.bigInt().map((number) => Buffer.from(String(number))) },
  { column: column('bits', 'bit(3)'), bytes: fc.nat(7).map((number) => Buffer.from(String(number))) },
  { column: column('span', 'time'), bytes: fc.constantFrom('-838:59:59', '00:00:00').map((text) => Buffer.from(text)) },
];

const table = fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 6 }).chain((kinds) => {
  const width = fc.constantFrom<1 | 2 | 3 | 8>(1, 2, 3, 8);
  const values = kinds.map((kind) => fc.record({ bytes: fc.option(kind.bytes, { freq: 4 }), width }));
  return fc.record({
    columns: fc.constant(kinds.map((kind) => kind.column)),
    rows: fc.array(fc.tuple(...values), { maxLength: 8 }),
    pieceBytes: fc.constantFrom(7, 64, 1024, 256 * 1024),
  });
});

function encode(
  target: EncodingTarget,
  input: {
    readonly columns: readonly ColumnDescription[];
    readonly rows: readonly (readonly PacketValue[])[];
    readonly pieceBytes: number;
    readonly rowTail?: string;
    readonly observe?: EncoderOptions['observe'] & {};
  },
): { pieces: Buffer[]; encoder: RowEncoder } {
  const pieces: Buffer[] = [];
  const { rows, ...options } = input;
  const encoder = new RowEncoder({ ...options, target, emit: (piece) => pieces.push(piece) });
  for (const row of rows) {
    const packet = rowPacket(row);
    // As mysql2 hands packets over: somewhere inside a larger buffer, with another packet behind.
    const buffer = Buffer.concat([packet, Buffer.from('\tnext')]);
    encoder.encodeRow(buffer, 4, packet.length);
  }
  encoder.finish();
  return { pieces, encoder };
}

/** What PostgreSQL is to receive: valid text without NUL. */
function storable(bytes: Buffer): Buffer {
  return Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).replaceAll('\0', ''));
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase();
}

/** What MySQL is to receive: bytes as hexadecimal, all else as it is. */
function asReplica(bytes: Buffer | null, described: ColumnDescription | undefined): Buffer | null {
  return bytes !== null && described?.dataType === 'longblob' ? Buffer.from(hex(bytes)) : bytes;
}

describe('every value comes back', () => {
  test('from COPY text', () => {
    fc.assert(
      fc.property(table, (input) => {
        const { pieces, encoder } = encode('copy', input);
        const decoded = decodeLines(Buffer.concat(pieces), 'copy');
        const expected = input.rows.map((row) =>
          row.map(({ bytes }, index) => {
            const type = input.columns[index]?.dataType;
            if (bytes === null) return null;
            if (type === 'longblob') return Buffer.from(`\\x${hex(bytes)}`);
            return type === 'varchar' || type === 'text' ? storable(bytes) : bytes;
          }),
        );
        expect(decoded).toEqual(expected);
        expect(Math.max(0, ...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(input.pieceBytes);
        expect(encoder.rows).toBe(input.rows.length);
        expect(encoder.bytes).toBe(Buffer.concat(pieces).length);
      }),
      { numRuns: 400 },
    );
  });

  test('from LOAD DATA text', () => {
    fc.assert(
      fc.property(table, (input) => {
        const { pieces, encoder } = encode('load_data', input);
        expect(decodeLines(Buffer.concat(pieces), 'load')).toEqual(
          input.rows.map((row) => row.map(({ bytes }, index) => asReplica(bytes, input.columns[index]))),
        );
        expect(encoder.changes).toEqual({ zeroDates: 0, nulStripped: 0, outOfRange: 0 });
      }),
      { numRuns: 400 },
    );
  });

  test('from the list behind VALUES, a whole number of rows in every piece', () => {
    fc.assert(
      fc.property(table, fc.constantFrom('', '42'), (input, rowTail) => {
        const { pieces } = encode('insert', { ...input, rowTail });
        const expected = input.rows.map((row) => [
          ...row.map(({ bytes }, index) => asReplica(bytes, input.columns[index])),
          ...(rowTail === '' ? [] : [rowTail]),
        ]);
        expect(pieces.flatMap((piece) => decodeTuples(piece))).toEqual(expected);
      }),
      { numRuns: 400 },
    );
  });
});

test('observers get every value of their column, in order', () => {
  fc.assert(
    fc.property(table, (input) => {
      const position = input.columns.length - 1;
      const seen: (string | null)[] = [];
      const observe = new Map([[position, (value: string | null) => seen.push(value)]]);
      encode('copy', { ...input, observe });
      expect(seen).toEqual(input.rows.map((row) => row[position]?.bytes?.toString('latin1') ?? null));
    }),
  );
});
