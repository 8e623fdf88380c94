import { columnForm, type ColumnDescription } from '@tidemark/mysql';

import { compareDecimals } from './canonical-decimal.ts';
import { canonical, valueKind, type Value } from './same-value.ts';

/**
 * The text by which MySQL is asked for a key (`keyColumns` of packages/mysql), from the value as it stands on its way to
 * raw or in it: there an ENUM is its label, a BIT its digits, bytes are `\x…`.
 */
export function keyFromValue(column: ColumnDescription, value: Value): string {
  const text = value?.toString('utf8') ?? '';
  switch (columnForm(column)) {
    case 'enum':
      return String(column.dataType === 'set' ? setNumber(column, text) : labelsOf(column).indexOf(text) + 1);
    case 'bit':
      return /^[01]+$/.test(text) ? BigInt(`0b${text}`).toString() : text;
    case 'binary':
      return text.replace(/^\\x/, '').toUpperCase();
    default:
      return text;
  }
}

/** The other way round: the text that raw's column is asked by. */
export function keyToValue(column: ColumnDescription, key: string): string {
  switch (columnForm(column)) {
    case 'enum':
      return column.dataType === 'set' ? setLabels(column, BigInt(key)) : (labelsOf(column)[Number(key) - 1] ?? '');
    case 'bit':
      return BigInt(key)
        .toString(2)
        .padStart(column.length ?? 1, '0');
    case 'binary':
      return `\\x${key.toLowerCase()}`;
    case 'text':
      return key.replaceAll('\0', '');
    default:
      return key;
  }
}

function labelsOf({ columnType }: ColumnDescription): string[] {
  return [...columnType.matchAll(/'((?:[^']|'')*)'/g)].map((match) => (match[1] ?? '').replaceAll("''", "'"));
}

function setNumber(column: ColumnDescription, text: string): bigint {
  const labels = labelsOf(column);
  return text
    .split(',')
    .filter((label) => label !== '')
    .reduce((number, label) => number | (1n << BigInt(labels.indexOf(label))), 0n);
}

function setLabels(column: ColumnDescription, number: bigint): string {
  return labelsOf(column)
    .filter((_, place) => (number & (1n << BigInt(place))) !== 0n)
    .join(',');
}

/** What both servers order a key column by: its number, or the bytes of its text. */
export type KeyOrder = 'number' | 'bytes';

export function keyOrderOf(column: ColumnDescription): KeyOrder {
  const form = columnForm(column);
  return form === 'integer' || form === 'decimal' || form === 'year' || form === 'float' || form === 'double'
    ? 'number'
    : 'bytes';
}

const SHORT_INTEGER = /^-?\d{1,15}$/;

/** Orders two keys as both servers were asked to order their rows. */
export function compareKeys(
  columns: readonly ColumnDescription[],
  left: readonly Value[],
  right: readonly Value[],
): number {
  for (const [index, column] of columns.entries()) {
    const order = comparePart(column, left[index] ?? null, right[index] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(column: ColumnDescription, left: Value, right: Value): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  if (left.equals(right)) return 0;
  if (keyOrderOf(column) === 'number') {
    const [one, other] = [left.toString('latin1'), right.toString('latin1')];
    return SHORT_INTEGER.test(one) && SHORT_INTEGER.test(other)
      ? Number(one) - Number(other)
      : compareDecimals(one, other);
  }
  const kind = valueKind(column, '');
  if (kind === 'bytes' || kind === 'json') return left.compare(right);
  const [one, other] = [left, right].map((value) => canonical(kind, value.toString('latin1')) ?? '');
  return one === other ? 0 : (one ?? '') < (other ?? '') ? -1 : 1;
}
