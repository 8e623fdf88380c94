import { columnForm, type ColumnDescription } from '@tidemark/mysql';

import { canonicalDecimal } from './canonical-decimal.ts';
import { canonicalJson } from './canonical-json.ts';

/** How two texts of one value can differ without differing in meaning. `bytes`: not at all. */
export type ValueKind = 'bytes' | 'number' | 'double' | 'moment' | 'interval' | 'hex' | 'json';

/** A value as the server printed it, in UTF-8. */
export type Value = Buffer | null;

const FLOATING = new Set(['real', 'double precision']);

/** @param rawType type of the raw column, as `format_type` prints it */
export function valueKind(column: ColumnDescription, rawType: string): ValueKind {
  const form = columnForm(column);
  switch (form) {
    case 'integer':
    case 'decimal':
    case 'year':
      return 'number';
    case 'float':
    case 'double':
      return FLOATING.has(rawType) ? 'double' : 'number';
    case 'date':
    case 'datetime':
    case 'timestamp':
      return 'moment';
    case 'time':
      return 'interval';
    case 'binary':
    case 'geometry':
      return 'hex';
    case 'json':
      return rawType === 'text' ? 'bytes' : 'json';
    case 'text':
    case 'enum':
    case 'bit':
      return 'bytes';
    default:
      return form satisfies never;
  }
}

/**
 * Whether a value on its way to raw and the value that raw holds are the same.
 *
 * The bytes decide nearly always. Where they differ the meaning does: `1e20` and `1e+20`, `1.10` and `1.1`, `12:00:00.5`
 * and `12:00:00.500000`. Exact: nothing is rounded, and a double is compared as the double that both texts stand for.
 */
export function sameValue(kind: ValueKind, wanted: Value, found: Value): boolean {
  if (wanted === null || found === null) return wanted === found;
  if (wanted.equals(found)) return true;
  if (kind === 'bytes') return false;
  const [left, right] = [wanted.toString('utf8'), found.toString('utf8')];
  if (kind === 'double') return sameDouble(left, right);
  const [one, other] = [canonical(kind, left), canonical(kind, right)];
  return one !== null && one === other;
}

/** One text for all texts of one meaning; null where the text has none of this kind. */
export function canonical(kind: ValueKind, text: string): string | null {
  switch (kind) {
    case 'bytes':
      return text;
    case 'number':
    case 'double':
      return canonicalDecimal(text);
    case 'moment':
      return withoutFractionZeros(text.replace(/^(\d{4}-\d\d-\d\d) 00:00:00(?:\.0+)?$/, '$1'));
    case 'interval':
      return withoutFractionZeros(text);
    case 'hex':
      return text.toLowerCase();
    case 'json':
      return canonicalJson(text);
    default:
      return kind satisfies never;
  }
}

/** Both servers print the shortest text that reads back as the same double, but not always the same one. */
function sameDouble(left: string, right: string): boolean {
  if (canonicalDecimal(left) === null || canonicalDecimal(right) === null) return false;
  return Number(left) === Number(right);
}

function withoutFractionZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
