/** A column as far as its values must be brought to one form before they are compared. */
export interface ComparedColumn {
  readonly name: string;
  /** MySQL's DATA_TYPE, lower case. */
  readonly dataType: string;
  /** Bits of a BIT column. */
  readonly bits: number;
}

const BINARY = new Set(['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob']);
const GEOMETRY = new Set([
  'geometry',
  'point',
  'linestring',
  'polygon',
  'multipoint',
  'multilinestring',
  'multipolygon',
  'geometrycollection',
  'geomcollection',
]);

/** Plain SELECT expression of a MySQL column; only what would lose digits or bytes on the way is wrapped. */
export function mysqlExpression(column: ComparedColumn): string {
  const name = `\`${column.name.replaceAll('`', '``')}\``;
  // MySQL prints -0, which MariaDB does not keep.
  if (column.dataType === 'float' || column.dataType === 'double') return `${name} + 0e0`;
  if (column.dataType === 'bit') return `${name} + 0`;
  if (BINARY.has(column.dataType) || GEOMETRY.has(column.dataType)) return `HEX(${name})`;
  return name;
}

/** What a MySQL value must look like in the warehouse, by the rules that the README of the loader promises. */
export function expectedInWarehouse(column: ComparedColumn, value: string | null): string | null {
  if (value === null) return null;
  switch (column.dataType) {
    case 'float':
      return String(Math.fround(Number(value)));
    case 'double':
      return String(Number(value));
    case 'date':
    case 'datetime':
    case 'timestamp':
      return isUnsetDate(value) ? null : withoutTrailingZeros(value);
    case 'time':
      return withoutTrailingZeros(value);
    case 'year':
      return String(Number(value));
    case 'bit':
      return BigInt(value).toString(2).padStart(column.bits, '0');
    case 'json':
      return sortedJson(value);
    default:
      break;
  }
  if (GEOMETRY.has(column.dataType)) return value.slice(8).toLowerCase();
  if (BINARY.has(column.dataType)) return value.toLowerCase();
  return value.replaceAll('\0', '');
}

/** A PostgreSQL value, as the server prints it, in the same form. */
export function foundInWarehouse(column: ComparedColumn, value: string | null): string | null {
  if (value === null) return null;
  switch (column.dataType) {
    case 'float':
      return String(Math.fround(Number(value)));
    case 'double':
      return String(Number(value));
    case 'date':
      // A raw column that was a time before stays one.
      return value.replace(/ 00:00:00$/, '');
    case 'datetime':
      return withoutTrailingZeros(value);
    case 'timestamp':
      return withoutTrailingZeros(value.replace(/\+00$/, ''));
    // An older tool may have made a flag of it.
    case 'tinyint':
    case 'bit':
      return value === 't' ? '1' : value === 'f' ? '0' : value;
    case 'json':
      return sortedJson(value);
    default:
      return BINARY.has(column.dataType) || GEOMETRY.has(column.dataType) ? value.replace(/^\\x/, '') : value;
  }
}

function isUnsetDate(value: string): boolean {
  return value.startsWith('0000') || value.slice(5, 7) === '00' || value.slice(8, 10) === '00';
}

function withoutTrailingZeros(value: string): string {
  return value.includes('.') ? value.replace(/\.?0+$/, '') : value;
}

function sortedJson(text: string): string {
  return JSON.stringify(JSON.parse(text), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : value,
  );
}
