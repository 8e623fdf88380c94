import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { OrderedKind } from './cursor-value.ts';
import { observeColumn } from './observe-column.ts';
import { cursorText, magnitude, orderedKind } from './testing/arbitraries.ts';
import { column } from './testing/fixtures.ts';

const SNAPSHOT = { wall: '2024-03-10 12:00:00.250000', utc: '2024-03-10 18:00:00.250000' };

const SENTINELS = ['0000-00-00', '0001-01-01', '2024-00-00', '2024-05-00'];
const FAR = ['0002-01-01', '1899-12-31', '2101-01-01', '9999-12-31'];

interface Labelled {
  readonly value: string | null;
  readonly label: 'null' | 'sentinel' | 'far' | 'plain';
}

function labelled(kind: OrderedKind): fc.Arbitrary<Labelled> {
  const plain = cursorText(kind).map((value): Labelled => ({ value, label: 'plain' }));
  const missing = fc.constant<Labelled>({ value: null, label: 'null' });
  if (kind === 'integer') {
    return fc.oneof(plain, missing);
  }
  const time = kind === 'date' ? '' : ' 00:00:00';
  return fc.oneof(
    plain,
    missing,
    fc.constantFrom(...SENTINELS).map((date): Labelled => ({ value: date + time, label: 'sentinel' })),
    fc.constantFrom(...FAR).map((date): Labelled => ({ value: date + time, label: 'far' })),
  );
}

test('an observer counts every value once and keeps the highest that is neither bad nor of the future', () => {
  const values = orderedKind.chain((kind) => fc.tuple(fc.constant(kind), fc.array(labelled(kind), { maxLength: 30 })));
  fc.assert(
    fc.property(values, ([kind, rows]) => {
      const observer = observeColumn(column('c', kind), SNAPSHOT);
      rows.forEach(({ value }) => observer.observe(value));
      const clock = {
        timestamp: SNAPSHOT.utc,
        datetime: SNAPSHOT.wall,
        date: SNAPSHOT.wall.slice(0, 10),
        integer: null,
      }[kind];
      const plain = rows.flatMap(({ value, label }) => (label === 'plain' && value !== null ? [value] : []));
      const past = plain.filter((value) => clock === null || magnitude(kind, value) <= magnitude(kind, clock));
      const seen = observer.result();
      expect(seen).toMatchObject({
        values: rows.length,
        nulls: rows.filter(({ label }) => label === 'null').length,
        sentinels: rows.filter(({ label }) => label === 'sentinel').length,
        outOfRange: rows.filter(({ label }) => label === 'far').length,
        future: plain.length - past.length,
      });
      const highest = past.map((value) => magnitude(kind, value)).reduce<bigint | null>(higher, null);
      expect(seen.highest === null ? null : magnitude(kind, seen.highest)).toBe(highest);
    }),
  );
});

function higher(left: bigint | null, right: bigint): bigint {
  return left === null || right > left ? right : left;
}
