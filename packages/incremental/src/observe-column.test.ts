import { describe, expect, test } from 'vitest';

import { observeColumn } from './observe-column.ts';
import { column } from './testing/fixtures.ts';
import type { ColumnObservation, CursorKind, SnapshotTime } from './types.ts';

const SNAPSHOT: SnapshotTime = { wall: '2024-03-10 23:30:00.500000', utc: '2024-03-11 04:30:00.500000' };

function observe(kind: CursorKind, values: readonly (string | null)[]): ColumnObservation {
  const observer = observeColumn(column('c', kind), SNAPSHOT);
  for (const value of values) {
    observer.observe(value);
  }
  return observer.result();
}

describe('observeColumn', () => {
  test('nothing seen', () => {
    expect(observe('datetime', [])).toEqual({
      column: 'c',
      values: 0,
      nulls: 0,
      sentinels: 0,
      outOfRange: 0,
      future: 0,
      highest: null,
    });
  });

  test.each<[CursorKind, string | null, Partial<ColumnObservation>]>([
    ['datetime', null, { nulls: 1 }],
    ['datetime', '0000-00-00 00:00:00', { sentinels: 1 }],
    ['datetime', '0001-01-01 00:00:00', { sentinels: 1 }],
    ['datetime', '0001-01-01 12:00:00', { sentinels: 1 }],
    ['date', '0001-01-01', { sentinels: 1 }],
    ['date', '0000-00-00', { sentinels: 1 }],
    ['date', '0000-05-01', { sentinels: 1 }],
    ['date', '2024-00-01', { sentinels: 1 }],
    ['date', '2024-05-00', { sentinels: 1 }],
    ['datetime', '1899-12-31 23:59:59', { outOfRange: 1 }],
    ['datetime', '2101-01-01 00:00:00', { outOfRange: 1 }],
    ['datetime', '9999-12-31 00:00:00', { outOfRange: 1 }],
    ['datetime', '2024-03-10', { outOfRange: 1 }],
    ['date', '2024-03-10 00:00:00', { outOfRange: 1 }],
    ['datetime', 'no time at all, but long', { outOfRange: 1 }],
    ['datetime', '2100-12-31 23:59:59', { future: 1 }],
    ['datetime', '2024-03-10 23:30:01', { future: 1 }],
    ['datetime', '2024-03-10 23:30:00.500001', { future: 1 }],
    ['datetime', '2024-03-10 23:30:00.500000', { highest: '2024-03-10 23:30:00.500000' }],
    ['datetime', '2024-03-10 23:30:00', { highest: '2024-03-10 23:30:00' }],
    ['datetime', '1900-01-01 00:00:00', { highest: '1900-01-01 00:00:00' }],
    ['timestamp', '2024-03-11 04:30:00', { highest: '2024-03-11 04:30:00' }],
    ['timestamp', '2024-03-11 04:30:01', { future: 1 }],
    ['date', '2024-03-10', { highest: '2024-03-10' }],
    ['date', '2024-03-11', { future: 1 }],
    ['date', '2023-02-31', { highest: '2023-02-31' }],
    ['integer', null, { nulls: 1 }],
    ['integer', '0', { highest: '0' }],
    ['integer', '-5', { highest: '-5' }],
    ['integer', '0000000042', { highest: '42' }],
  ])('%s %s', (kind, value, expected) => {
    const nothing = { column: 'c', values: 1, nulls: 0, sentinels: 0, outOfRange: 0, future: 0, highest: null };
    expect(observe(kind, [value])).toEqual({ ...nothing, ...expected });
  });

  test('the highest trustworthy value is kept, whatever comes after', () => {
    const values = ['2024-01-02 00:00:00', '2024-01-03 00:00:00', '2024-01-01 00:00:00', '2099-01-01 00:00:00', null];
    expect(observe('datetime', values)).toMatchObject({
      values: 5,
      nulls: 1,
      future: 1,
      highest: '2024-01-03 00:00:00',
    });
  });

  test('integers are ordered by size, not as text, and beyond 2^53', () => {
    expect(observe('integer', ['9', '10', '-11']).highest).toBe('10');
    expect(observe('integer', ['-10', '-9', '-11']).highest).toBe('-9');
    expect(observe('integer', ['9007199254740992', '9007199254740993', '9007199254740992']).highest).toBe(
      '9007199254740993',
    );
  });

  test('a column without an order is refused', () => {
    expect(() => observeColumn(column('Note', 'other'), SNAPSHOT)).toThrow(TypeError);
  });

  test('a million values cost less than a second and a half', () => {
    const observer = observeColumn(column('c', 'datetime'), SNAPSHOT);
    const values = Array.from({ length: 1000 }, (_, i) => `2024-01-01 00:${String(i % 60).padStart(2, '0')}:00.${i}`);
    const start = performance.now();
    for (let round = 0; round < 1000; round += 1) {
      for (const value of values) {
        observer.observe(value);
      }
    }
    expect(performance.now() - start).toBeLessThan(1500);
    expect(observer.result().values).toBe(1_000_000);
  });
});
