/** A change of the column X, or beside it, and what Tidemark says of it. */
export interface ColumnChange {
  readonly change: string;
  /** Definition of X before. */
  readonly column: string;
  /** X of the n-th row, as SQL. */
  readonly value: (n: number) => string;
  /** `t` stands for the table. Rows that it changes keep their stamps. */
  readonly sql: string;
  /** Which hop stops, with which code; nothing else is needed than what these errors say. */
  readonly told?: readonly string[];
  /** The same where a view of the warehouse reads X. */
  readonly toldUnderViews?: readonly string[];
  /** The code with which a copy ends that had begun and read nothing yet. */
  readonly meanwhile?: 'TABLE_CHANGED_DURING_RUN';
  /** Type of X in raw afterwards. */
  readonly raw: string | undefined;
}

const number = (n: number): string => String(n + 1);
const text = (n: number): string => `'text ${n}'`;
const day = (n: number): string => `'2025-02-${10 + n}'`;
const letter = (n: number): string => (n % 2 === 0 ? "'a'" : "'b'");
const keepStamps = 'DateTStamp = DateTStamp';

const STOPS = ['copy SCHEMA_INCOMPATIBLE'];
const RAW_STOPS = ['load SCHEMA_INCOMPATIBLE'];
const CHANGED = 'TABLE_CHANGED_DURING_RUN';

export const COLUMN_CHANGES: readonly ColumnChange[] = [
  {
    change: 'a column is added and filled',
    column: 'int NOT NULL',
    value: number,
    sql: `ALTER TABLE t ADD COLUMN Room smallint NOT NULL DEFAULT 5 FIRST; UPDATE t SET Room = 7, ${keepStamps} WHERE Num < 9`,
    raw: 'integer',
  },
  {
    change: 'a computed column is added',
    column: 'int NOT NULL',
    value: number,
    sql: 'ALTER TABLE t ADD COLUMN Twice int AS (X * 2) STORED',
    raw: 'integer',
  },
  {
    change: 'a column is dropped',
    column: 'varchar(20) NOT NULL',
    value: text,
    sql: 'ALTER TABLE t DROP COLUMN X',
    told: STOPS,
    meanwhile: CHANGED,
    raw: 'text',
  },
  {
    change: 'a column is renamed',
    column: 'varchar(20) NOT NULL',
    value: text,
    sql: 'ALTER TABLE t CHANGE X Y varchar(20) NOT NULL',
    told: STOPS,
    meanwhile: CHANGED,
    raw: 'text',
  },
  {
    change: 'a column is renamed in its case only',
    column: 'varchar(20) NOT NULL',
    value: text,
    sql: 'ALTER TABLE t CHANGE X x varchar(20) NOT NULL',
    told: STOPS,
    raw: 'text',
  },
  {
    change: 'two columns change their names',
    column: 'int NOT NULL, Z int NOT NULL DEFAULT 500',
    value: number,
    sql: 'ALTER TABLE t CHANGE X Z int NOT NULL, CHANGE Z X int NOT NULL DEFAULT 500',
    raw: 'integer',
  },
  {
    change: 'columns change their order',
    column: 'int NOT NULL',
    value: number,
    sql: 'ALTER TABLE t MODIFY X int NOT NULL FIRST, MODIFY Note varchar(40) NOT NULL AFTER DateTStamp',
    raw: 'integer',
  },
  {
    change: 'varchar becomes longer',
    column: 'varchar(20) NOT NULL',
    value: text,
    sql: `ALTER TABLE t MODIFY X varchar(100) NOT NULL; UPDATE t SET X = REPEAT('x', 100), ${keepStamps} WHERE Num < 9`,
    meanwhile: CHANGED,
    raw: 'text',
  },
  {
    change: 'varchar becomes text',
    column: 'varchar(255) NOT NULL',
    value: text,
    sql: `ALTER TABLE t MODIFY X text NOT NULL; UPDATE t SET X = REPEAT('x', 9000), ${keepStamps} WHERE Num < 9`,
    meanwhile: CHANGED,
    raw: 'text',
  },
  {
    change: 'text becomes mediumtext',
    column: 'text NOT NULL',
    value: text,
    sql: `ALTER TABLE t MODIFY X mediumtext NOT NULL; UPDATE t SET X = REPEAT('x', 70000), ${keepStamps} WHERE Num < 9`,
    meanwhile: CHANGED,
    raw: 'text',
  },
  {
    change: 'tinyint becomes smallint',
    column: 'tinyint NOT NULL',
    value: number,
    sql: `ALTER TABLE t MODIFY X smallint NOT NULL; UPDATE t SET X = 300, ${keepStamps} WHERE Num < 9`,
    meanwhile: CHANGED,
    raw: 'smallint',
  },
  {
    change: 'smallint becomes float',
    column: 'smallint NOT NULL',
    value: number,
    sql: `ALTER TABLE t MODIFY X float NOT NULL; UPDATE t SET X = 12.5, ${keepStamps} WHERE Num < 9`,
    toldUnderViews: RAW_STOPS,
    meanwhile: CHANGED,
    raw: 'real',
  },
  {
    change: 'date becomes datetime',
    column: `date NOT NULL DEFAULT '0001-01-01'`,
    value: day,
    sql: `ALTER TABLE t MODIFY X datetime NOT NULL DEFAULT '0001-01-01'; UPDATE t SET X = '2025-02-03 04:05:06', ${keepStamps} WHERE Num < 9`,
    meanwhile: CHANGED,
    toldUnderViews: RAW_STOPS,
    raw: 'timestamp without time zone',
  },
  {
    change: 'datetime gets fractions of a second',
    column: 'datetime NOT NULL',
    value: day,
    sql: `ALTER TABLE t MODIFY X datetime(6) NOT NULL; UPDATE t SET X = '2025-02-03 04:05:06.123456', ${keepStamps} WHERE Num < 9`,
    meanwhile: CHANGED,
    raw: 'timestamp without time zone',
  },
  {
    change: 'int becomes bigint',
    column: 'int NOT NULL',
    value: number,
    sql: `ALTER TABLE t MODIFY X bigint NOT NULL; UPDATE t SET X = 9007199254740993, ${keepStamps} WHERE Num < 9`,
    toldUnderViews: RAW_STOPS,
    meanwhile: CHANGED,
    raw: 'bigint',
  },
  {
    change: 'decimal gets more digits',
    column: 'decimal(8,2) NOT NULL',
    value: number,
    sql: `ALTER TABLE t MODIFY X decimal(12,4) NOT NULL; UPDATE t SET X = 12345678.1234, ${keepStamps} WHERE Num < 9`,
    toldUnderViews: RAW_STOPS,
    meanwhile: CHANGED,
    raw: 'numeric(12,4)',
  },
  {
    change: 'float becomes double',
    column: 'float NOT NULL',
    value: number,
    sql: `ALTER TABLE t MODIFY X double NOT NULL; UPDATE t SET X = 0.1, ${keepStamps} WHERE Num < 9`,
    toldUnderViews: RAW_STOPS,
    meanwhile: CHANGED,
    raw: 'double precision',
  },
  {
    change: 'varchar becomes shorter, and values are cut',
    column: 'varchar(100) NOT NULL',
    value: text,
    sql: 'ALTER TABLE t MODIFY X varchar(5) NOT NULL',
    meanwhile: CHANGED,
    raw: 'text',
  },
  {
    change: 'int becomes smallint, and values are cut',
    column: 'int NOT NULL',
    value: (n) => String(40_000 * n),
    sql: 'ALTER TABLE t MODIFY X smallint NOT NULL',
    meanwhile: CHANGED,
    raw: 'integer',
  },
  {
    change: 'double becomes float',
    column: 'double NOT NULL',
    value: (n) => `${n}.1`,
    sql: 'ALTER TABLE t MODIFY X float NOT NULL',
    told: STOPS,
    meanwhile: CHANGED,
    raw: 'double precision',
  },
  {
    change: 'datetime becomes date',
    column: 'datetime NOT NULL',
    value: (n) => `'2025-02-${10 + n} 11:12:13'`,
    sql: 'ALTER TABLE t MODIFY X date NOT NULL',
    told: STOPS,
    meanwhile: CHANGED,
    raw: 'timestamp without time zone',
  },
  {
    change: 'varchar becomes int',
    column: 'varchar(20) NOT NULL',
    value: (n) => `'${n}'`,
    sql: 'ALTER TABLE t MODIFY X int NOT NULL',
    told: STOPS,
    meanwhile: CHANGED,
    raw: 'text',
  },
  {
    change: 'int becomes varchar',
    column: 'int NOT NULL',
    value: number,
    sql: `ALTER TABLE t MODIFY X varchar(20) NOT NULL; UPDATE t SET X = 'none', ${keepStamps} WHERE Num < 9`,
    told: STOPS,
    toldUnderViews: [...STOPS, ...RAW_STOPS],
    meanwhile: CHANGED,
    raw: 'text',
  },
  {
    change: 'int becomes unsigned',
    column: 'int NOT NULL',
    value: number,
    sql: `ALTER TABLE t MODIFY X int unsigned NOT NULL; UPDATE t SET X = 4000000000, ${keepStamps} WHERE Num < 9`,
    told: STOPS,
    toldUnderViews: [...STOPS, ...RAW_STOPS],
    meanwhile: CHANGED,
    raw: 'bigint',
  },
  {
    change: 'unsigned int becomes signed',
    column: 'int unsigned NOT NULL',
    value: number,
    sql: `ALTER TABLE t MODIFY X int NOT NULL; UPDATE t SET X = -1, ${keepStamps} WHERE Num < 9`,
    told: STOPS,
    meanwhile: CHANGED,
    raw: 'bigint',
  },
  {
    change: 'text becomes bytes',
    column: 'varchar(20) NOT NULL',
    value: text,
    sql: 'ALTER TABLE t MODIFY X varbinary(20) NOT NULL',
    told: [...STOPS, ...RAW_STOPS],
    meanwhile: CHANGED,
    raw: 'bytea',
  },
  {
    change: 'an ENUM gets a member in the middle',
    column: "enum('a','b') NOT NULL",
    value: letter,
    sql: `ALTER TABLE t MODIFY X enum('a','it''s','b') NOT NULL; UPDATE t SET X = 'it''s', ${keepStamps} WHERE Num < 9`,
    meanwhile: CHANGED,
    raw: 'text',
  },
  {
    change: 'the members of an ENUM change their order',
    column: "enum('a','b') NOT NULL",
    value: letter,
    sql: "ALTER TABLE t MODIFY X enum('b','a') NOT NULL",
    meanwhile: CHANGED,
    raw: 'text',
  },
  {
    change: 'an ENUM loses a member',
    column: "enum('a','b','c') NOT NULL",
    value: letter,
    sql: "ALTER TABLE t MODIFY X enum('a','b') NOT NULL",
    meanwhile: CHANGED,
    raw: 'text',
  },
  {
    change: 'a member of an ENUM is renamed',
    column: "enum('a','b') NOT NULL",
    value: letter,
    sql: `ALTER TABLE t MODIFY X enum('a','b','other') NOT NULL; UPDATE t SET X = 'other', ${keepStamps} WHERE X = 'b';
      ALTER TABLE t MODIFY X enum('a','other') NOT NULL`,
    told: STOPS,
    meanwhile: CHANGED,
    raw: 'text',
  },
  {
    change: 'a column takes NULL from now on',
    column: 'int NOT NULL',
    value: number,
    sql: `ALTER TABLE t MODIFY X int NULL; UPDATE t SET X = NULL, ${keepStamps} WHERE Num < 9`,
    meanwhile: CHANGED,
    raw: 'integer',
  },
  {
    change: 'a column takes no NULL any more',
    column: 'int NULL',
    value: (n) => (n % 2 === 0 ? 'NULL' : '1'),
    sql: `UPDATE t SET X = 0, ${keepStamps} WHERE X IS NULL; ALTER TABLE t MODIFY X int NOT NULL`,
    raw: 'integer',
  },
  {
    change: 'a default changes',
    column: 'int NOT NULL DEFAULT 1',
    value: number,
    sql: 'ALTER TABLE t ALTER COLUMN X SET DEFAULT 2',
    raw: 'integer',
  },
  {
    change: 'the charset becomes utf8mb4, with characters that utf8mb3 lacks',
    column: 'varchar(20) CHARACTER SET utf8mb3 NOT NULL',
    value: text,
    sql: `ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4; UPDATE t SET X = CONVERT(0xF09FA6B7 USING utf8mb4), ${keepStamps} WHERE Num < 9`,
    raw: 'text',
  },
  {
    change: 'the collation of a column changes',
    column: 'varchar(20) COLLATE utf8mb4_general_ci NOT NULL',
    value: text,
    sql: `ALTER TABLE t MODIFY X varchar(20) COLLATE utf8mb4_bin NOT NULL; UPDATE t SET X = UPPER(X), ${keepStamps} WHERE Num < 9`,
    raw: 'text',
  },
  {
    change: 'AUTO_INCREMENT is set to another number',
    column: 'int NOT NULL',
    value: number,
    sql: 'ALTER TABLE t AUTO_INCREMENT = 5000',
    raw: 'integer',
  },
  {
    change: 'AUTO_INCREMENT is taken away',
    column: 'int NOT NULL',
    value: number,
    sql: 'ALTER TABLE t MODIFY Num bigint NOT NULL',
    raw: 'integer',
  },
  {
    change: 'an index is added',
    column: 'int NOT NULL',
    value: number,
    sql: 'ALTER TABLE t ADD INDEX (DateTStamp), ADD INDEX (X)',
    raw: 'integer',
  },
  {
    change: 'every row is filled in anew, and all stamps move',
    column: 'int NOT NULL',
    value: number,
    sql: 'UPDATE t SET X = X + 1',
    raw: 'integer',
  },
];
