import { describe, expect, test } from 'vitest';

import { column } from '../test/columns.ts';
import { rowPacket } from '../test/row-packet.ts';
import { RowEncoder, type EncodingTarget } from './row-encoder.ts';
import type { ColumnDescription, ValueChanges } from './types.ts';

function encodeRow(
  target: EncodingTarget,
  cells: readonly (readonly [ColumnDescription, string | Buffer | null])[],
): { text: string; changes: ValueChanges; pieces: Buffer[] } {
  const pieces: Buffer[] = [];
  const encoder = new RowEncoder({
    columns: cells.map(([described]) => described),
    target,
    pieceBytes: 64,
    emit: (piece) => pieces.push(piece),
  });
  const packet = rowPacket(cells.map(([, value]) => ({ bytes: value === null ? null : Buffer.from(value) })));
  encoder.encodeRow(packet, 4, packet.length);
  encoder.finish();
  return { text: Buffer.concat(pieces).toString('latin1'), changes: encoder.changes, pieces };
}

const date = column('day', 'date');
const datetime = column('at', 'datetime(6)');
const json = column('doc', 'json', { charset: null });
const text = column('note', 'text');

describe('dates', () => {
  test.each([
    ['0000-00-00', { zeroDates: 1 }],
    ['0000-01-01', { zeroDates: 1 }],
    ['2024-00-15', { zeroDates: 1 }],
    ['2024-02-00', { zeroDates: 1 }],
    ['2023-02-29', { outOfRange: 1 }],
    ['2024-04-31', { outOfRange: 1 }],
  ])('%s is NULL in PostgreSQL, and counted', (value, counted) => {
    const { text: line, changes } = encodeRow('copy', [
      [date, value],
      [datetime, `${value} 00:00:00.000000`],
    ]);
    expect(line).toBe('\\N\t\\N\n');
    expect(changes).toEqual({ zeroDates: 0, nulStripped: 0, outOfRange: 0, ...doubled(counted) });
  });

  test.each(['0001-01-01', '1000-01-01', '2024-02-29', '9999-12-31'])('%s is kept', (value) => {
    expect(encodeRow('copy', [[date, value]])).toMatchObject({ text: `${value}\n`, changes: { zeroDates: 0 } });
  });

  test('that PostgreSQL cannot hold reach the replica as they are', () => {
    const row = encodeRow('load_data', [
      [date, '0000-00-00'],
      [date, '2024-02-31'],
    ]);
    expect(row).toMatchObject({ text: '0000-00-00\t2024-02-31\n', changes: { zeroDates: 0, outOfRange: 0 } });
  });
});

function doubled(counted: Partial<ValueChanges>): Partial<ValueChanges> {
  return Object.fromEntries(Object.entries(counted).map(([name, count]) => [name, count * 2]));
}

describe('JSON for jsonb', () => {
  test.each([
    [String.raw`{"a":"x\u0000y"}`, String.raw`{"a":"xy"}`, 1],
    [String.raw`{"a":"x\\u0000y"}`, String.raw`{"a":"x\\u0000y"}`, 0],
    [String.raw`{"a":"x\\\u0000y"}`, String.raw`{"a":"x\\y"}`, 1],
    [String.raw`{"a":"\u0001é"}`, String.raw`{"a":"\u0001é"}`, 0],
  ])('%s', (given, expected, stripped) => {
    const row = encodeRow('copy', [[json, given]]);
    expect(Buffer.from(row.text, 'latin1').toString('utf8')).toBe(`${expected.replaceAll('\\', '\\\\')}\n`);
    expect(row.changes.nulStripped).toBe(stripped);
  });

  test('is left alone on the way to the replica', () => {
    expect(encodeRow('load_data', [[json, String.raw`"\u0000"`]])).toMatchObject({
      text: '"\\\\u0000"\n',
      changes: { nulStripped: 0 },
    });
  });
});

describe('text', () => {
  test('loses NUL on the way to PostgreSQL, counted once a value', () => {
    const row = encodeRow('copy', [
      [text, '\0a\0'],
      [text, 'b'],
    ]);
    expect(row).toMatchObject({ text: 'a\tb\n', changes: { nulStripped: 1, outOfRange: 0 } });
  });

  test('that is no UTF-8 is mended, counted once, and the row goes on', () => {
    const row = encodeRow('copy', [
      [text, Buffer.from([0x41, 0xff, 0x00, 0x80])],
      [text, 'next'],
      [text, null],
    ]);
    expect(Buffer.from(row.text, 'latin1').toString('utf8')).toBe('A\uFFFD\uFFFD\tnext\t\\N\n');
    expect(row.changes).toEqual({ zeroDates: 0, nulStripped: 1, outOfRange: 1 });
  });

  test('that is no UTF-8 at all finds room for its three bytes a byte', () => {
    const row = encodeRow('copy', [[text, Buffer.alloc(5000, 0xff)]]);
    expect(Buffer.from(row.text, 'latin1').toString('utf8')).toBe(`${'\uFFFD'.repeat(5000)}\n`);
  });

  test('may be longer than 16 MB', () => {
    const value = Buffer.alloc(2 ** 24 + 5, 'x');
    const row = encodeRow('copy', [
      [text, value],
      [text, 'after'],
    ]);
    expect(row.text.length).toBe(value.length + '\tafter\n'.length);
    expect(row.text.endsWith('xx\tafter\n')).toBe(true);
  });
});

test('bytes, bits and geometry stand in a VALUES list as functions of text', () => {
  const row = encodeRow('insert', [
    [column('raw', 'varbinary(9)'), Buffer.from([0, 255])],
    [column('flags', 'bit(64)'), '18446744073709551615'],
    [column('place', 'point'), ''],
    [column('none', 'blob'), null],
    [text, String.raw`it's \ "so"`],
  ]);
  expect(row.text).toBe(
    String.raw`(UNHEX('00FF'),CAST('18446744073709551615' AS UNSIGNED),UNHEX(''),NULL,'it''s \\ "so"'),`,
  );
});

test('bytes and geometry are hexadecimal bytea for PostgreSQL', () => {
  const row = encodeRow('copy', [
    [column('raw', 'varbinary(9)'), Buffer.from([0, 255])],
    [column('place', 'point'), Buffer.from([0xab])],
    [column('flag', 'bit(1)'), '1'],
  ]);
  expect(row.text).toBe('\\\\x00FF\t\\\\xAB\t1\n');
});
