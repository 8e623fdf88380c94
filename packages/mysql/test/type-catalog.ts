import type { NamedServer } from './other-servers.ts';

/** A column of the table that has every type, with SQL of the values to try in it besides NULL. */
export interface CatalogColumn {
  readonly name: string;
  /** Type in the source. */
  readonly source: string;
  /** Type in a replica, where it is not the same: one character set, and no JSON in MariaDB. */
  readonly replica?: string;
  readonly values: readonly string[];
  /** Servers that have the type; all when left out. */
  readonly only?: readonly NamedServer['name'][];
}

const AWKWARD_WORDS = [
  "''",
  "' '",
  "'trailing  '",
  "'N'",
  "'NULL'",
  "'0'",
  String.raw`'\\N'`,
  String.raw`'a\tb\nc\rd\\e\0f\Zg'`,
  `'it''s "quoted" \`so\`'`,
  "'1|2|N'",
  "'%s ? :name'",
];
const EVERY_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')).join('');
/** Day of each kind that MySQL holds: unset, earliest, latest, leap day, without a month, a day that is none. */
const DAYS = ['0000-00-00', '0001-01-01', '1000-01-01', '9999-12-31', '2024-02-29', '2024-00-15', '2023-02-31'];

const quoted = (texts: readonly string[]): string[] => texts.map((text) => `'${text}'`);

export const TYPE_CATALOG: readonly CatalogColumn[] = [
  { name: 'tiny', source: 'TINYINT', values: ['-128', '127', '0'] },
  { name: 'flag', source: 'TINYINT(1)', values: ['-1', '2', '0'] },
  { name: 'utiny', source: 'TINYINT UNSIGNED', values: ['255'] },
  { name: 'small', source: 'SMALLINT', values: ['-32768', '32767'] },
  { name: 'medium', source: 'MEDIUMINT UNSIGNED', values: ['16777215'] },
  { name: 'plain', source: 'INT', values: ['-2147483648', '2147483647'] },
  { name: 'padded', source: 'INT(5) ZEROFILL', replica: 'INT UNSIGNED', values: ['42', '4294967295'] },
  { name: 'padded_exact', source: 'DECIMAL(6,2) ZEROFILL', replica: 'DECIMAL(6,2)', values: ['1.5', '9999.99'] },
  { name: 'big', source: 'BIGINT', values: ['-9223372036854775808', '9223372036854775807', '9007199254740993'] },
  { name: 'ubig', source: 'BIGINT UNSIGNED', values: ['18446744073709551615', '9223372036854775808'] },
  {
    name: 'exact',
    source: 'DECIMAL(65,30)',
    values: ['-99999999999999999999999999999999999.999999999999999999999999999999', '0', '1.10'],
  },
  { name: 'fee', source: 'DECIMAL(10,2)', values: ['-0.01', '12345678.90'] },
  {
    name: 'small_real',
    source: 'FLOAT',
    values: ['0.1', '-3.4028234e38', '1.17549435e-38', '1.4e-45', '16777217', '123456.789', '1e15', '0e0 * -1'],
  },
  { name: 'fixed_real', source: 'FLOAT(10,2)', replica: 'DOUBLE', values: ['1.1', '-1234.56'] },
  {
    name: 'large_real',
    source: 'DOUBLE',
    values: [
      '0.1',
      '1.7976931348623157e308',
      '5e-324',
      '9007199254740993',
      '1e15',
      '1e16',
      '1e22',
      '0.1e0 + 0.2e0',
      '0e0 * -1',
    ],
  },
  { name: 'fixed_double', source: 'DOUBLE(10,2)', replica: 'DOUBLE', values: ['1.1', '-1234.56', '100'] },
  { name: 'bit1', source: 'BIT(1)', values: ["b'0'", "b'1'"] },
  { name: 'bit64', source: 'BIT(64)', values: ['0', '18446744073709551615', "b'101'"] },
  { name: 'words', source: 'VARCHAR(200) CHARACTER SET utf8mb4', values: [...AWKWARD_WORDS, "'é€\u{1F9B7}'"] },
  { name: 'utf3', source: 'VARCHAR(200) CHARACTER SET utf8', values: [...AWKWARD_WORDS, "'é€'"] },
  {
    name: 'latin',
    source: 'VARCHAR(200) CHARACTER SET latin1',
    values: ["_latin1 X'E9'", "_latin1 X'80'", "_latin1 X'81'", "'|N|'"],
  },
  { name: 'wide', source: 'VARCHAR(50) CHARACTER SET ucs2', values: ["'é€'", "''", "'|'"] },
  { name: 'cyrillic', source: 'CHAR(9) CHARACTER SET cp1251', values: ["_cp1251 X'C0'", "''"] },
  { name: 'fixed', source: 'CHAR(10)', values: ["'a  '", "''", "'é'"] },
  { name: 'note', source: 'MEDIUMTEXT', values: [`REPEAT('tooth \\\\ ''', 90000)`, ...AWKWARD_WORDS] },
  { name: 'choice', source: "ENUM('a','B','it''s','|N')", values: ["'a'", "'B'", "'it''s'", "'|N'"] },
  { name: 'choices', source: "SET('x','y','z')", values: ["''", "'x'", "'x,z'"] },
  { name: 'bytes4', source: 'BINARY(4)', values: ["X'00'", "X'FF00FF00'", "'a'"] },
  { name: 'bytes', source: 'VARBINARY(300)', values: ["''", "X'00'", "X'5C27090A0D1A7C4E'", `X'${EVERY_BYTE}'`] },
  { name: 'file', source: 'LONGBLOB', values: ["''", `REPEAT(X'00FF0A', 90000)`] },
  { name: 'day', source: 'DATE', values: quoted(DAYS) },
  { name: 'moment', source: 'DATETIME', values: quoted(DAYS.map((day) => `${day} 23:59:59`)) },
  { name: 'moment6', source: 'DATETIME(6)', values: quoted(DAYS.map((day) => `${day} 00:00:00.000001`)) },
  {
    name: 'stamp',
    source: 'TIMESTAMP(6)',
    values: quoted([
      '0000-00-00 00:00:00',
      '1970-01-01 00:00:01.000000',
      '2038-01-19 03:14:07.999999',
      '2024-11-03 06:30:00',
      '2024-11-03 07:30:00',
    ]),
  },
  { name: 'span', source: 'TIME', values: quoted(['-838:59:59', '838:59:59', '00:00:00', '-00:00:01']) },
  { name: 'span6', source: 'TIME(6)', values: quoted(['-838:59:58.999999', '00:00:00.000001', '100:00:00.5']) },
  { name: 'year', source: 'YEAR', values: ['0', '1901', '2155'] },
  {
    name: 'place',
    source: 'GEOMETRY',
    values: ["X'000000000101000000000000000000F03F0000000000000040'"],
  },
  {
    name: 'doc',
    source: 'JSON',
    replica: 'LONGTEXT',
    only: ['MySQL'],
    values: [
      String.raw`'{"b": [null, true, 1.5, "é|N"], "a": {"nul": "\\u0000"}}'`,
      "'null'",
      `'""'`,
      "'[]'",
      "'-1.0e10'",
    ],
  },
  {
    name: 'text_doc',
    source: 'JSON',
    only: ['MariaDB source', 'MariaDB replica'],
    replica: 'LONGTEXT',
    values: [String.raw`'{"b" : 1,  "a": "\\u0000"}'`],
  },
];

/** The columns of the catalog that a server has. */
export function catalogOf(name: NamedServer['name']): readonly CatalogColumn[] {
  return TYPE_CATALOG.filter((column) => column.only === undefined || column.only.includes(name));
}

/** Statements that create table `every_type` and fill it: row n has the n-th value of every column, or NULL. */
export function createSourceSql(columns: readonly CatalogColumn[], engine: string): string {
  const definitions = columns.map((column) => `\`${column.name}\` ${column.source} NULL DEFAULT NULL`);
  const rows = Array.from({ length: Math.max(...columns.map((column) => column.values.length)) + 1 }, (_, index) => {
    const values = columns.map((column) => column.values[index] ?? 'NULL');
    return `INSERT INTO every_type VALUES (${index + 1}, ${values.join(', ')})`;
  });
  return [
    "SET SESSION sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00'",
    `CREATE TABLE every_type (id BIGINT NOT NULL PRIMARY KEY, ${definitions.join(', ')})
       ENGINE=${engine} DEFAULT CHARACTER SET utf8`,
    ...rows,
  ].join(';\n');
}

/** Creates the table as a replica has it: one character set. */
export function createReplicaSql(columns: readonly CatalogColumn[]): string {
  const definitions = columns.map((column) => {
    const type = (column.replica ?? column.source).replace(/ CHARACTER SET \w+/, '');
    return `\`${column.name}\` ${type} NULL DEFAULT NULL`;
  });
  return `CREATE TABLE every_type (id BIGINT NOT NULL PRIMARY KEY, ${definitions.join(', ')})
    ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4`;
}

/** SQL that shows a value plainly, without anything of this package; the same on every server for the same value. */
export function plainReading({ name, source }: CatalogColumn): string {
  const column = `\`${name}\``;
  if (/^(VARCHAR|CHAR|MEDIUMTEXT|ENUM|SET|JSON)/.test(source)) return `HEX(CONVERT(${column} USING utf8mb4))`;
  if (/BINARY|BLOB|GEOMETRY/.test(source)) return `HEX(${column})`;
  if (source.startsWith('BIT')) return `HEX(${column} + 0)`;
  // FLOAT with all its digits, and without the sign of a zero: MariaDB stores none.
  if (/^(FLOAT|DOUBLE)/.test(source)) return `CAST(${column} + 0e0 AS CHAR)`;
  if (source.includes('ZEROFILL')) return `CAST(${column} + 0 AS CHAR)`;
  return `CAST(${column} AS CHAR)`;
}
