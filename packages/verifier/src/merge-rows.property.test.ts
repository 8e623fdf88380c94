import type { ColumnDescription } from '@tidemark/mysql';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { LineCursor } from './line-cursor.ts';
import { mergeRows } from './merge-rows.ts';
import { valueKind } from './same-value.ts';
import { columnOf } from './testing/column-of.ts';

/** COPY text of a value. */
function encoded(value: string | null): string {
  if (value === null) return String.raw`\N`;
  const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
  return value.replaceAll(/[\\\t\n\r]/g, (letter) => escapes[letter] ?? letter);
}

/** A stream of lines, cut into pieces of so many bytes. */
async function* pieces(rows: readonly (readonly (string | null)[])[], size: number): AsyncGenerator<Buffer> {
  const all = Buffer.from(rows.map((row) => `${row.map(encoded).join('\t')}\n`).join(''));
  for (let from = 0; from < all.length; from += size) yield all.subarray(from, from + size);
}

async function differing(
  key: ColumnDescription,
  left: readonly (readonly (string | null)[])[],
  right: readonly (readonly (string | null)[])[],
  size: number,
): Promise<string[]> {
  const cursors = [new LineCursor(pieces(left, size)), new LineCursor(pieces(right, size + 3))] as const;
  const named: string[] = [];
  for await (const keys of mergeRows(...cursors, { key: [key], kinds: [valueKind(key, ''), 'bytes'] })) {
    named.push(...keys.map(([text]) => text ?? ''));
  }
  return named;
}

const value = fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\\N', '', '\t', '\\.', 'a\nb')));

/** Keys of a kind, in the order in which both servers send them. */
const KEYS = {
  integers: {
    column: columnOf('bigint(20)'),
    keys: fc
      .uniqueArray(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { maxLength: 40 })
      .map((list) => list.toSorted((a, b) => (a < b ? -1 : 1)).map(String)),
  },
  texts: {
    column: columnOf('varchar(100)'),
    keys: fc
      .uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }), { maxLength: 40 })
      .map((list) => list.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))),
  },
};

it.each(Object.entries(KEYS))('names every row that differs and no other, by %s', async (_, { column, keys }) => {
  const rows = keys.chain((list) =>
    fc.tuple(...list.map((key) => fc.tuple(fc.constant(key), value, fc.integer({ min: 0, max: 9 })))),
  );
  await fc.assert(
    fc.asyncProperty(rows, value, fc.integer({ min: 1, max: 50 }), async (list, other, size) => {
      const left = list.filter(([, , fate]) => fate !== 1).map(([key, note]) => [key, note]);
      const right = list
        .filter(([, , fate]) => fate !== 2)
        .map(([key, note, fate]) => [key, fate === 3 ? other : note]);
      const wanted = list.filter(([, note, fate]) => fate === 1 || fate === 2 || (fate === 3 && note !== other));
      expect(await differing(column, left, right, size)).toEqual(wanted.map(([key]) => key));
    }),
  );
});

it('compares numbers as numbers and shows the key as MySQL is asked for it', async () => {
  const money = columnOf('decimal(10,2)');
  expect(await differing(money, [['1.10', 'a']], [['1.1', 'a']], 9)).toEqual([]);
  expect(await differing(columnOf("enum('b','a')"), [['a', 'x']], [['a', 'y']], 9)).toEqual(['2']);
});
