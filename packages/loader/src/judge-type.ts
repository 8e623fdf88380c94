import { columnForm, type ColumnDescription } from '@tidemark/mysql';

import { postgresType } from './postgres-type.ts';

/** What to do about the type that a raw column has already. */
export type TypeVerdict =
  | { readonly step: 'keep' }
  | { readonly step: 'widen'; readonly to: string }
  | { readonly step: 'incompatible' };

interface ParsedType {
  /** Without length, precision or fraction digits. */
  readonly base: string;
  readonly args: readonly number[];
}

const TIMESTAMP = 'timestamp without time zone';
const TIMESTAMPTZ = 'timestamp with time zone';

/** Decimal digits that each integer type can need. */
const INTEGER_DIGITS: Readonly<Record<string, number>> = { smallint: 5, integer: 10, bigint: 19 };

/**
 * Compares the type of an existing raw column with what the replica's column needs.
 *
 * A raw table that an older tool made keeps its types wherever every value fits (dbt models were written for them);
 * it is widened where a cast loses nothing, and anything else is for a person to decide.
 */
export function judgeType(existing: string, column: ColumnDescription): TypeVerdict {
  const wanted = parseType(postgresType(column));
  const has = parseType(existing);
  if (fits(has, wanted, column)) return { step: 'keep' };
  const to = widened(has, wanted, column);
  return to === null ? { step: 'incompatible' } : { step: 'widen', to };
}

/** `timestamp(3) without time zone` → base `timestamp without time zone`, args [3]. */
export function parseType(text: string): ParsedType {
  const match = /^([^(]*)\(([\d,-]+)\)(.*)$/.exec(text);
  if (!match) return { base: text, args: [] };
  return { base: `${match[1] ?? ''}${match[3] ?? ''}`, args: (match[2] ?? '').split(',').map(Number) };
}

function printType(type: ParsedType): string {
  return type.args.length === 0 ? type.base : `${type.base}(${type.args.join(',')})`;
}

/** Whether a column of type `has` takes every value of the replica's column as it is. */
function fits(has: ParsedType, wanted: ParsedType, column: ColumnDescription): boolean {
  if (printType(has) === printType(wanted)) return true;
  if (isUnlimitedText(has)) return wanted.base !== 'bytea';
  switch (wanted.base) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return fitsInteger(has, wanted, column);
    case 'numeric':
      if (has.base === 'double precision') return (wanted.args[0] ?? 65) <= 15;
      return has.base === 'numeric' && coversNumeric(has, wanted);
    case 'real':
      return has.base === 'double precision' || isUnlimitedNumeric(has);
    case 'double precision':
      return isUnlimitedNumeric(has);
    case 'text':
      return has.base === 'character varying' && column.length !== null && column.length <= (has.args[0] ?? 0);
    case TIMESTAMP:
    case TIMESTAMPTZ:
      return (has.base === TIMESTAMP || has.base === TIMESTAMPTZ) && keepsFraction(has, column);
    case 'date':
      return has.base === TIMESTAMP || has.base === TIMESTAMPTZ;
    case 'interval':
      return has.base === 'interval' && keepsFraction(has, column);
    case 'boolean':
      return Object.hasOwn(INTEGER_DIGITS, has.base) || printType(has) === 'bit(1)';
    case 'bit':
      return has.base === 'bit varying' && (has.args[0] ?? Infinity) >= (wanted.args[0] ?? 1);
    case 'jsonb':
      return has.base === 'json';
    default:
      return false;
  }
}

function fitsInteger(has: ParsedType, wanted: ParsedType, column: ColumnDescription): boolean {
  const digits = INTEGER_DIGITS[wanted.base] ?? 19;
  // Older tools made tinyint flags boolean; 0 and 1 go in, and any other value stops the load.
  if (has.base === 'boolean') return column.dataType === 'tinyint';
  if (has.base === 'double precision') return digits <= 10;
  if (has.base === 'numeric') return coversNumeric(has, { base: 'numeric', args: [digits, 0] });
  return (INTEGER_DIGITS[has.base] ?? 0) >= digits;
}

/** The type that holds both what is there and what will come; null where there is none by a cast that loses nothing. */
function widened(has: ParsedType, wanted: ParsedType, column: ColumnDescription): string | null {
  const fromInteger = Object.hasOwn(INTEGER_DIGITS, has.base);
  switch (wanted.base) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      if (has.base === 'numeric') return 'numeric';
      return fromInteger ? wanted.base : null;
    case 'numeric':
      return widenedNumeric(has, wanted);
    case 'real':
    case 'double precision':
      if (has.base === 'numeric') return 'numeric';
      return fromInteger || has.base === 'real' ? wanted.base : null;
    case 'text':
      if (['character varying', 'character', 'date', 'uuid'].includes(has.base) || fromInteger) return 'text';
      return null;
    case TIMESTAMP:
    case TIMESTAMPTZ:
      if (has.base === 'date') return wanted.base;
      return has.base === TIMESTAMP || has.base === TIMESTAMPTZ ? has.base : null;
    case 'interval':
      return columnForm(column) === 'time' && /^(time without time zone|interval)$/.test(has.base) ? 'interval' : null;
    default:
      return null;
  }
}

function widenedNumeric(has: ParsedType, wanted: ParsedType): string | null {
  const digits = INTEGER_DIGITS[has.base];
  if (digits === undefined && has.base !== 'numeric') return null;
  const held: ParsedType = digits === undefined ? has : { base: 'numeric', args: [digits, 0] };
  return coversNumeric(wanted, held) ? printType(wanted) : 'numeric';
}

/** numeric(p,s) holds the other when it has as many digits on both sides of the point. */
function coversNumeric(has: ParsedType, other: ParsedType): boolean {
  if (has.args.length === 0) return true;
  if (other.args.length === 0) return false;
  const [precision = 0, scale = 0] = has.args;
  const [otherPrecision = 0, otherScale = 0] = other.args;
  return precision - scale >= otherPrecision - otherScale && scale >= otherScale;
}

function isUnlimitedNumeric(type: ParsedType): boolean {
  return type.base === 'numeric' && type.args.length === 0;
}

function isUnlimitedText(type: ParsedType): boolean {
  return (type.base === 'text' || type.base === 'character varying') && type.args.length === 0;
}

function keepsFraction(has: ParsedType, column: ColumnDescription): boolean {
  return (has.args[0] ?? 6) >= column.fractionDigits;
}
