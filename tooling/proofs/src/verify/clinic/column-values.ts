import type { ClinicColumn } from '@tidemark/sample-clinic';

/** What a column's values look like, in both SQL dialects. */
export type Shape = 'text' | 'number' | 'date' | 'datetime' | 'timestamp' | 'time';

export type Dialect = 'mysql' | 'postgres';

export function shapeOf({ type }: ClinicColumn): Shape {
  const word = /^[a-z]+/.exec(type)?.[0] ?? '';
  switch (word) {
    case 'char':
    case 'varchar':
    case 'text':
    case 'mediumtext':
      return 'text';
    case 'date':
    case 'datetime':
    case 'timestamp':
    case 'time':
      return word;
    case 'bigint':
    case 'int':
    case 'smallint':
    case 'tinyint':
    case 'double':
    case 'float':
      return 'number';
    default:
      throw new Error(`no value is known for a column of the type ${type}`);
  }
}

/** A name as it stands in SQL. */
export function quoted(name: string, dialect: Dialect): string {
  return dialect === 'mysql' ? `\`${name}\`` : `"${name}"`;
}

interface Choice {
  /** Whether the value is so near to the first choice that it could be taken for it. */
  readonly isNear: (value: string) => string;
  readonly first: string;
  readonly second: string;
  readonly postgresType: string;
}

/** The first choice fits every column of the shape, and neither looks like a value that was cut or rounded. */
const CHOICES: Readonly<Record<Shape, Choice>> = {
  text: { isNear: (value) => `LEFT(${value}, 1) = 'q'`, first: `'q'`, second: `'z'`, postgresType: 'text' },
  number: { isNear: (value) => `${value} BETWEEN 76 AND 78`, first: '77', second: '88', postgresType: 'smallint' },
  date: { ...momentChoice('1999-09-09', '1998-08-08'), postgresType: 'date' },
  datetime: { ...momentChoice('1999-09-09 09:09:09', '1998-08-08 08:08:08'), postgresType: 'timestamp' },
  timestamp: { ...momentChoice('1999-09-09 09:09:09', '1998-08-08 08:08:08'), postgresType: 'timestamptz' },
  time: { ...momentChoice('11:22:33', '22:33:44'), postgresType: 'interval' },
};

function momentChoice(first: string, second: string): Omit<Choice, 'postgresType'> {
  return { isNear: (value) => `${value} = '${first}'`, first: `'${first}'`, second: `'${second}'` };
}

/** SQL of another value than the column has, as somebody would type it. */
export function anotherValue(column: ClinicColumn, dialect: Dialect): string {
  const { isNear, first, second, postgresType } = CHOICES[shapeOf(column)];
  const chosen = `CASE WHEN ${isNear(quoted(column.name, dialect))} THEN ${second} ELSE ${first} END`;
  return dialect === 'mysql' ? chosen : `CAST(${chosen} AS ${postgresType})`;
}

/** SQL of raw's value as a careless pipeline would have made it, and which values it can be told of; null for none. */
export function damagedValue(column: ClinicColumn): { readonly sql: string; readonly where: string } | null {
  const name = quoted(column.name, 'postgres');
  const shape = shapeOf(column);
  switch (shape) {
    case 'text':
      return { sql: `left(${name}, -1)`, where: `length(${name}) > 1` };
    case 'datetime':
    case 'timestamp':
      return { sql: `${name} + interval '1 hour'`, where: `${name} < '9999-01-01'` };
    case 'number':
      return /^(?:double|float)/.test(column.type)
        ? { sql: `trunc(${name})`, where: `${name} <> trunc(${name}) AND abs(${name}) BETWEEN 0.001 AND 1e6` }
        : null;
    case 'date':
    case 'time':
      return null;
    default:
      return shape satisfies never;
  }
}

/** Whether a careless pipeline could damage values of the column. */
export function isFragile(column: ClinicColumn): boolean {
  return damagedValue(column) !== null;
}

const TEXTS = ['NUL \0 inside', 'blanks behind   ', '\0', '', '   ', '\\N', 'tab\tand\r\nline', 'Zahnärztin 歯科'];
const INTEGERS = ['0', '-1', '9007199254740993', '-9223372036854775808', '9223372036854775807', '1'];
const DOUBLES = ['0.30000000000000004', '1e-7', '1.7976931348623157e308', '-0', '5e-324', '123456789012345680', '1e15'];
const FLOATS = ['0.1', '16777217', '3.4028235e38', '-0', '7.1234567', '1e-7', '1e15'];
const DATES = ['0000-00-00', '0001-01-01', '9999-12-31', '2024-02-29', '1902-07-31'];
const DATETIMES = ['0000-00-00 00:00:00', '0001-01-01 00:00:00', '2024-11-03 01:30:00', '9999-12-31 23:59:59'];
const TIMES = ['-08:30:00', '36:15:00', '838:59:59', '-838:59:59', '-00:00:01', '00:00:00', '24:00:00'];

/** Values that the three databases hold or print in different ways, and that are the same all the same. */
export function equalLooking(column: ClinicColumn): readonly string[] {
  const shape = shapeOf(column);
  switch (shape) {
    case 'text':
      return TEXTS;
    case 'number':
      return column.type === 'double' ? DOUBLES : column.type === 'float' ? FLOATS : INTEGERS;
    case 'date':
      return DATES;
    case 'datetime':
    case 'timestamp':
      return DATETIMES;
    case 'time':
      return TIMES;
    default:
      return shape satisfies never;
  }
}
