import type { ClinicColumn, ClinicTable } from '../schema/clinic-tables.ts';
import { dateText, dateTimeText } from '../clock/wall-clock.ts';
import type { FillInput } from './fill.ts';
import type { Value } from './practice.ts';

/** Gives a column's value where its table's maker does not. */
export type UsualValue = (input: FillInput) => Value;

/** What a column holds in most rows, told by its name first, by its type otherwise. */
export function usualValue(column: ClinicColumn, table: ClinicTable): UsualValue {
  return stampValue(column, table) ?? namedValue(column) ?? typedValue(column);
}

function stampValue(column: ClinicColumn, table: ClinicTable): UsualValue | undefined {
  if (column.name === table.stamp) return ({ at }) => dateTimeText(at.edited);
  if (!/^(?:Sec)?DateT?(?:Entry|Created)$/.test(column.name)) return undefined;
  return column.type === 'date' ? ({ at }) => dateText(at.entered.day) : ({ at }) => dateTimeText(at.entered);
}

function namedValue({ name, type }: ClinicColumn): UsualValue | undefined {
  if (type.startsWith('bigint')) {
    if (/^(?:Secu?)?UserNum(?:Entry)?$/.test(name))
      return ({ practice, draw }) => practice.link('userod', 'UserNum', draw);
    if (name === 'ClinicNum') return ({ practice, draw }) => practice.outside(draw.int(0, 2));
    if (name === 'ProvNum') return ({ practice, draw }) => practice.link('provider', 'ProvNum', draw);
  }
  if (name === 'SecurityHash') return ({ draw }) => draw.hex(40);
  if (/Color/.test(name) && type.startsWith('int')) return ({ draw }) => -draw.int(1, 16_777_216);
  return undefined;
}

function typedValue(column: ClinicColumn): UsualValue {
  const literal = column.default?.replaceAll("'", '');
  if (column.type.startsWith('tinyint(1)')) return ({ draw }) => (draw.chance(0.2) ? 1 : 0);
  if (column.nullable === true) return ({ draw }) => (draw.chance(0.5) ? null : (literal ?? emptyOf(column.type)));
  const value = literal === undefined ? emptyOf(column.type) : numberOrText(literal, column.type);
  return () => value;
}

function emptyOf(type: string): Value {
  switch (type.split(/[ (]/)[0]) {
    case 'date':
      return '0001-01-01';
    case 'datetime':
      return '0001-01-01 00:00:00';
    case 'time':
      return '00:00:00';
    case 'char':
    case 'varchar':
    case 'text':
    case 'mediumtext':
      return '';
    default:
      return 0;
  }
}

function numberOrText(literal: string, type: string): Value {
  return typeof emptyOf(type) === 'number' ? Number(literal) : literal;
}
