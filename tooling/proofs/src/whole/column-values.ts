import * as fc from 'fast-check';

/** A value as it is handed to mysql2. */
export type Value = string | number | Buffer | null;

export interface ValueType {
  /** Column type in MySQL. */
  readonly sql: string;
  readonly values: fc.Arbitrary<Value>;
}

const NASTY_TEXT = [
  '',
  '\\N',
  'a\tb',
  'line\nbreak',
  '\r\n',
  "it's",
  '"',
  '\\',
  '\\t',
  'NUL\0inside',
  'ß漢é',
  'a ',
  'A',
  'a',
  'NULL',
  '|',
  '%_',
  '{}',
];

const text = fc.oneof(fc.constantFrom(...NASTY_TEXT), fc.string({ maxLength: 30 }));
const digits = (least: bigint, most: bigint): fc.Arbitrary<string> =>
  fc.bigInt({ min: least, max: most }).map((value) => value.toString());
const two = (value: number): string => String(value).padStart(2, '0');
const day = fc
  .tuple(
    fc.constantFrom('0001', '1902', '1999', '2024', '2099', '9999'),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
  )
  .map(([year, month, date]) => `${year}-${two(month)}-${two(date)}`);
const date = fc.oneof(day, fc.constantFrom('0000-00-00', '0001-01-01', '2024-02-29'));
const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map(two).join(':'));

/** Types of the columns that hold a row's content, with the values that hurt. */
export const VALUE_TYPES: readonly ValueType[] = [
  { sql: 'int NOT NULL', values: fc.integer() },
  { sql: 'bigint unsigned', values: fc.oneof(digits(0n, 2n ** 64n - 1n), fc.constant(null)) },
  { sql: 'tinyint(1) NOT NULL', values: fc.integer({ min: -128, max: 127 }) },
  { sql: 'double NOT NULL', values: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  { sql: 'float', values: fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }).map(String), fc.constant(null)) },
  { sql: 'decimal(20,4)', values: fc.integer().map((value) => `${value}.0625`.slice(0, 16)) },
  { sql: 'varchar(60)', values: fc.oneof(text, fc.constant(null)) },
  { sql: 'text', values: fc.oneof(text, fc.constant(null)) },
  { sql: `char(8) NOT NULL`, values: fc.string({ maxLength: 8 }) },
  { sql: 'date NOT NULL', values: date },
  {
    sql: 'datetime NOT NULL',
    values: fc.tuple(date, clock).map(([on, at]) => (on === '0000-00-00' ? `${on} 00:00:00` : `${on} ${at}`)),
  },
  {
    sql: 'datetime(6)',
    values: fc.oneof(
      fc.tuple(day, clock).map(([on, at]) => `${on} ${at}.012300`),
      fc.constant(null),
    ),
  },
  { sql: 'time', values: fc.oneof(fc.constantFrom('-838:59:59', '838:59:59', '00:00:00', '-00:30:00'), clock) },
  { sql: 'year', values: fc.oneof(fc.integer({ min: 1901, max: 2155 }), fc.constant(null)) },
  { sql: 'bit(5)', values: fc.integer({ min: 0, max: 31 }) },
  { sql: `enum('a','B','c''d')`, values: fc.constantFrom('a', 'B', `c'd`, null) },
  {
    sql: 'varbinary(24)',
    values: fc.oneof(
      fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes)),
      fc.constant(null),
    ),
  },
  { sql: 'blob', values: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
];
