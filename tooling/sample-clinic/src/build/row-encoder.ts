import { CANARY } from '../chance/canary.ts';
import {
  SPECIAL_DATES,
  SPECIAL_DATETIMES,
  SPECIAL_DOUBLES,
  SPECIAL_FLAG,
  SPECIAL_FLOATS,
  SPECIAL_TEXTS,
  SPECIAL_TIMES,
} from '../chance/special-values.ts';
import type { ClinicColumn, ClinicTable } from '../schema/clinic-tables.ts';
import type { FillInput } from './fill.ts';
import type { Row, Value } from './practice.ts';
import { usualValue } from './usual-values.ts';

/** Makes whole rows of one table. */
export interface RowEncoder {
  readonly columns: readonly string[];
  /** The values in the order of `columns`. @throws when the maker names a column that the table lacks. */
  encode(made: Row, input: FillInput): Value[];
}

/** Which rows of a column get a special value: one in `every`. Primes, so that columns do not fall together. */
interface Specials {
  readonly values: readonly Value[];
  readonly every: number;
  /** Only where the maker said nothing, because there it chose a meaning. */
  readonly onlyUsual: boolean;
}

interface ColumnEncoder {
  readonly name: string;
  readonly usual: (input: FillInput) => Value;
  readonly specials: Specials | undefined;
  /** Longest text in characters; 0 for what is not text. */
  readonly longest: number;
}

/** Prepares the making of a table's rows, all columns or those named. */
export function rowEncoder(table: ClinicTable, left: readonly string[] = []): RowEncoder {
  const encoders = table.columns
    .filter(({ name }) => !left.includes(name))
    .map((column): ColumnEncoder => {
      const longest = longestText(column.type);
      return {
        name: column.name,
        usual: usualValue(column, table),
        specials: specialsOf(column, table, longest),
        longest,
      };
    });
  const names = new Set(table.columns.map(({ name }) => name));
  return {
    columns: encoders.map(({ name }) => name),
    encode(made, input) {
      const unknown = Object.keys(made).find((name) => !names.has(name));
      if (unknown !== undefined) throw new Error(`${table.name} has no column ${unknown}`);
      return encoders.map((encoder, position) => encodeColumn(encoder, position, made[encoder.name], input));
    },
  };
}

/** The value of one column: the maker's, the usual one, or one of the specials, marked and cut to length. */
function encodeColumn(encoder: ColumnEncoder, position: number, made: Value | undefined, input: FillInput): Value {
  const value = specialValue(encoder.specials, position, made === undefined, input.index) ?? made;
  const chosen = value === undefined ? encoder.usual(input) : value;
  if (encoder.longest === 0 || typeof chosen !== 'string') return chosen;
  return cutText(markText(chosen, encoder.longest, input.practice.rules.canary), encoder.longest);
}

function specialValue(
  specials: Specials | undefined,
  position: number,
  isUsual: boolean,
  index: number,
): Value | undefined {
  if (specials === undefined || (specials.onlyUsual && !isUsual)) return undefined;
  const turn = index * 31 + position * 7 + 1;
  if (turn % specials.every !== 0) return undefined;
  return specials.values[(index + position) % specials.values.length];
}

/** Texts shorter than the mark stay as they are: codes such as a claim's status. */
export function markText(text: string, longest: number, canary: boolean): string {
  if (!canary || text === '' || longest < CANARY.text.length || text.includes(CANARY.text)) return text;
  return `${CANARY.text} ${text}`;
}

/** Every invented text is in the basic plane, so a UTF-16 unit is a character. */
export function cutText(text: string, longest: number): string {
  return text.length > longest ? text.slice(0, longest) : text;
}

function specialsOf(column: ClinicColumn, table: ClinicTable, longest: number): Specials | undefined {
  const { name, type } = column;
  if (name === table.key || name === table.stamp || name.startsWith('Sec')) return undefined;
  if (longest >= 20) return { values: SPECIAL_TEXTS, every: 61, onlyUsual: false };
  return SPECIALS_BY_TYPE.get(type.replace(/^(tinyint\(1\)).*/, '$1'));
}

const SPECIALS_BY_TYPE: ReadonlyMap<string, Specials> = new Map([
  ['date', { values: SPECIAL_DATES, every: 97, onlyUsual: false }],
  ['datetime', { values: SPECIAL_DATETIMES, every: 97, onlyUsual: false }],
  ['time', { values: SPECIAL_TIMES, every: 13, onlyUsual: false }],
  ['double', { values: SPECIAL_DOUBLES, every: 83, onlyUsual: false }],
  ['float', { values: SPECIAL_FLOATS, every: 23, onlyUsual: false }],
  ['tinyint(1)', { values: [SPECIAL_FLAG], every: 37, onlyUsual: true }],
  ['tinyint(3) unsigned', { values: [255], every: 101, onlyUsual: true }],
  ['tinyint(4)', { values: [-1, 127, -128], every: 103, onlyUsual: true }],
  ['smallint(5) unsigned', { values: [65_535], every: 43, onlyUsual: true }],
]);

/** Characters a column holds: 65,535 bytes of `text` at three bytes each, room left for the mark. */
export function longestText(type: string): number {
  if (type === 'text') return 20_000;
  if (type === 'mediumtext') return 5_000_000;
  const match = /^(?:var)?char\((\d+)\)$/.exec(type);
  return match === null ? 0 : Number(match[1]);
}
