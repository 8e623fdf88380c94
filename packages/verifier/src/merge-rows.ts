import type { ColumnDescription, KeyValue } from '@tidemark/mysql';

import { fieldValue, splitFields } from './copy-text.ts';
import { compareKeys, keyFromValue } from './key-text.ts';
import type { LineCursor } from './line-cursor.ts';
import { sameValue, type Value, type ValueKind } from './same-value.ts';

/** How the lines of both sides are cut: the key's columns first, then the others. */
export interface RowLayout {
  readonly key: readonly ColumnDescription[];
  readonly kinds: readonly ValueKind[];
}

/** Keys that are handed over at a time. */
const ROWS_OF_A_BATCH = 500;

/**
 * Walks two ordered streams of rows side by side and gives the keys of those that are not the same. Both sides wait for
 * the other, and for whoever takes the keys.
 *
 * Rows that are equal byte by byte are not even cut into values. A row that comes out of order is at worst named though
 * it is equal: never the other way round, because only rows of one key are ever held for equal.
 */
export async function* mergeRows(left: LineCursor, right: LineCursor, layout: RowLayout): AsyncGenerator<KeyValue[]> {
  let named: KeyValue[] = [];
  let isLeft = await left.next();
  let isRight = await right.next();
  while (isLeft || isRight) {
    const order = isLeft && isRight ? compareLines(left, right, layout) : { side: isLeft ? -1 : 1, key: null };
    if (order !== 'same') {
      named.push(order.key ?? keyOf(isLeft ? left : right, layout));
      if (named.length === ROWS_OF_A_BATCH) {
        yield named;
        named = [];
      }
    }
    const side = order === 'same' ? 0 : order.side;
    if (side <= 0) isLeft = left.tryNext() ?? (await left.next());
    if (side >= 0) isRight = right.tryNext() ?? (await right.next());
  }
  if (named.length > 0) yield named;
}

/** `same`, or which side has a row that the other has not (-1 left, 1 right), or 0 for two rows that differ. */
type LineOrder = 'same' | { readonly side: number; readonly key: KeyValue | null };

function compareLines(left: LineCursor, right: LineCursor, layout: RowLayout): LineOrder {
  if (left.isSameAs(right)) return 'same';
  const [wanted, found] = [splitFields(left.line()), splitFields(right.line())];
  const [wantedKey, foundKey] = [wanted, found].map((fields) => fields.slice(0, layout.key.length).map(fieldValue));
  const order = compareKeys(layout.key, wantedKey ?? [], foundKey ?? []);
  if (order < 0) return { side: -1, key: toKey(layout, wantedKey ?? []) };
  if (order > 0) return { side: 1, key: toKey(layout, foundKey ?? []) };
  const isSame = layout.kinds.every((kind, at) => sameField(kind, wanted[at], found[at]));
  return isSame ? 'same' : { side: 0, key: toKey(layout, wantedKey ?? []) };
}

function sameField(kind: ValueKind, wanted: Buffer | undefined, found: Buffer | undefined): boolean {
  if (wanted === undefined || found === undefined) return false;
  return wanted.equals(found) || sameValue(kind, fieldValue(wanted), fieldValue(found));
}

function keyOf(cursor: LineCursor, layout: RowLayout): KeyValue {
  return toKey(layout, splitFields(cursor.line()).slice(0, layout.key.length).map(fieldValue));
}

function toKey({ key }: RowLayout, values: readonly Value[]): KeyValue {
  return key.map((column, place) => keyFromValue(column, values[place] ?? null));
}
