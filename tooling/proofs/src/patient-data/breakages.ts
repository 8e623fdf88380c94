import type { ErrorCode } from '@tidemark/errors';

/** Something done to the replica or to raw that makes its server refuse the rows of a table, and say why. */
export interface Breakage {
  readonly table: string;
  readonly hop: 'copy' | 'load';
  readonly code: ErrorCode;
  readonly sql: string;
}

/** Refusals of a MySQL server. What follows the name is done in the replica, to the table of that name. */
const COPY: readonly (readonly [string, ErrorCode, (table: string) => string])[] = [
  ['copy_duplicate', 'DUPLICATE_KEY', (table) => `ALTER TABLE ${table} ADD UNIQUE (Code)`],
  ['copy_number', 'VALUE_REFUSED', (table) => assigning(table, 'NEW.Amount = NEW.Note')],
  ['copy_date', 'VALUE_REFUSED', (table) => assigning(table, 'NEW.Born = NEW.Note')],
  ['copy_range', 'VALUE_REFUSED', (table) => assigning(table, 'NEW.Amount = NEW.Amount * 1e20')],
  ['copy_length', 'VALUE_REFUSED', (table) => assigning(table, 'NEW.Code = REPEAT(NEW.Code, 9)')],
  ['copy_encoding', 'VALUE_REFUSED', (table) => assigning(table, `NEW.Note = UNHEX(CONCAT('FF', HEX(NEW.Note)))`)],
  [
    'copy_check',
    'VALUE_REFUSED',
    (table) => `ALTER TABLE ${table} ADD CONSTRAINT unchanged CHECK (Note NOT LIKE '%changed')`,
  ],
  ['copy_signal', 'VALUE_REFUSED', (table) => signalling(table, 1644)],
  ['copy_packet', 'PACKET_TOO_LARGE', (table) => signalling(table, 1153)],
  ['copy_timeout', 'STATEMENT_TIMEOUT', (table) => signalling(table, 3024)],
  ['copy_full', 'STORAGE_FULL', (table) => signalling(table, 1114)],
  ['copy_read_only', 'SERVER_READ_ONLY', (table) => signalling(table, 1290)],
  ['copy_key', 'SCHEMA_INCOMPATIBLE', (table) => `ALTER TABLE ${table} DROP PRIMARY KEY, ADD PRIMARY KEY (Id, Born)`],
];

/** Refusals of PostgreSQL, of the table of that name in raw. */
const LOAD: readonly (readonly [string, ErrorCode, (table: string) => string])[] = [
  ['load_duplicate', 'DUPLICATE_KEY', (table) => `CREATE UNIQUE INDEX ON raw.${table} ("Code")`],
  [
    'load_check',
    'VALUE_REFUSED',
    (table) => `ALTER TABLE raw.${table} ADD CONSTRAINT unchanged CHECK ("Note" NOT LIKE '%changed')`,
  ],
  [
    'load_not_null',
    'VALUE_REFUSED',
    (table) =>
      `ALTER TABLE raw.${table} ALTER "Weight" SET NOT NULL; ${whenWritten(table, 'NEW."Weight" := NULL; RETURN NEW')}`,
  ],
  ['load_syntax', 'VALUE_REFUSED', (table) => whenWritten(table, 'NEW."Amount" := NEW."Note"::numeric; RETURN NEW')],
  [
    'load_overflow',
    'VALUE_REFUSED',
    (table) => whenWritten(table, 'NEW."Id" := (NEW."Amount"::text)::int; RETURN NEW'),
  ],
  ['load_date', 'VALUE_REFUSED', (table) => whenWritten(table, 'NEW."Born" := NEW."Note"::date; RETURN NEW')],
  [
    'load_encoding',
    'VALUE_REFUSED',
    (table) => whenWritten(table, `NEW."Note" := convert_from('\\xff'::bytea || NEW."Photo", 'UTF8'); RETURN NEW`),
  ],
  [
    'load_enum',
    'VALUE_REFUSED',
    (table) =>
      `CREATE TYPE raw.${table}_word AS ENUM ('one'); ${whenWritten(table, `NEW."Code" := NEW."Code"::raw.${table}_word; RETURN NEW`)}`,
  ],
  ['load_raise', 'VALUE_REFUSED', (table) => raising(table, 'P0001')],
  ['load_timeout', 'STATEMENT_TIMEOUT', (table) => raising(table, '57014')],
  ['load_full', 'STORAGE_FULL', (table) => raising(table, '53100')],
  ['load_internal', 'DATABASE_ERROR', (table) => raising(table, 'XX000')],
  ['load_counts', 'COUNTS_DISAGREE', (table) => whenWritten(table, 'RETURN NULL')],
  [
    'load_column',
    'SCHEMA_INCOMPATIBLE',
    (table) =>
      `ALTER TABLE raw.${table} DROP "Note"; ALTER TABLE raw.${table} ADD "Note" text GENERATED ALWAYS AS ('x') STORED`,
  ],
];

export const BREAKAGES: readonly Breakage[] = [
  ...COPY.map(([table, code, sql]) => ({ table, hop: 'copy' as const, code, sql: sql(table) })),
  ...LOAD.map(([table, code, sql]) => ({ table, hop: 'load' as const, code, sql: sql(table) })),
];

/** The sql_mode of whoever makes a trigger holds within it: MySQL refuses and quotes what it would else cut. */
function assigning(table: string, assignment: string): string {
  return `SET SESSION sql_mode = 'STRICT_ALL_TABLES';
    CREATE TRIGGER ${table}_insert BEFORE INSERT ON ${table} FOR EACH ROW SET ${assignment};
    CREATE TRIGGER ${table}_update BEFORE UPDATE ON ${table} FOR EACH ROW SET ${assignment};
    SET SESSION sql_mode = ''`;
}

/** An error of any number whose text quotes the row, as those of drivers do. */
function signalling(table: string, errno: number): string {
  const body = `BEGIN
      DECLARE told varchar(128);
      SET told = CONCAT('Row: ', NEW.Id, ' ', NEW.Note, ' ', NEW.Born);
      SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = told, MYSQL_ERRNO = ${errno};
    END`;
  return `CREATE TRIGGER ${table}_insert BEFORE INSERT ON ${table} FOR EACH ROW ${body};
    CREATE TRIGGER ${table}_update BEFORE UPDATE ON ${table} FOR EACH ROW ${body}`;
}

function whenWritten(table: string, body: string): string {
  return `CREATE FUNCTION raw.${table}_written() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body}; END $$;
    CREATE TRIGGER written BEFORE INSERT OR UPDATE ON raw.${table} FOR EACH ROW EXECUTE FUNCTION raw.${table}_written()`;
}

/** An error of any SQLSTATE, each of whose texts quotes the row. */
function raising(table: string, state: string): string {
  return whenWritten(
    table,
    `RAISE EXCEPTION 'Row: %', NEW USING ERRCODE = '${state}', DETAIL = NEW."Note", HINT = NEW."Code",
      COLUMN = NEW."Code", CONSTRAINT = NEW."Code", TABLE = NEW."Code", SCHEMA = NEW."Code", DATATYPE = NEW."Code"`,
  );
}
