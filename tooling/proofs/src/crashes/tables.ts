import type { Asked } from '../pipeline.ts';

/** One table of the small source that is crashed upon: a kind each, so that every way through the hops is walked. */
export interface CrashTable {
  readonly name: string;
  readonly key: readonly string[];
  /** In the order of the source; without the column that a scenario adds. */
  readonly columns: readonly string[];
  /** Rows of one chunk of the first copy; null where the table is one chunk. */
  readonly chunkRows: number | null;
  readonly create: string;
  readonly rows: readonly string[];
  /** As tables.yml says it. */
  readonly asked: Asked;
}

const rowsOf = (count: number, row: (n: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => row(index + 1));

const two = (n: number): string => String(n).padStart(2, '0');

/** Stamps lie in the past, so that no snapshot caps a watermark and every sequence of runs gives the same ones. */
const minute = (n: number): string => `2026-03-01 08:${two(n % 60)}:00`;

/** Stamped by the server, chunked, MyISAM. */
const VISIT: CrashTable = {
  name: 'visit',
  key: ['VisitNum'],
  columns: ['VisitNum', 'PatNum', 'Note', 'DateTStamp'],
  chunkRows: 20,
  create: `CREATE TABLE visit (VisitNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, PatNum bigint NOT NULL, Note text,
    DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp, KEY (DateTStamp)) ENGINE=MyISAM`,
  rows: rowsOf(50, (n) => `INSERT INTO visit VALUES (${n}, ${n * 7}, 'visit ${n}', '${minute(n)}')`),
  asked: { plan: { incrementalColumns: ['DateTStamp'] }, copy: { batchRows: 20 } },
};

/** No stamp, a composite key, compared by digest. */
const CARRIER: CrashTable = {
  name: 'carrier',
  key: ['Region', 'CarrierNum'],
  columns: ['Region', 'CarrierNum', 'CarrierName', 'Fee'],
  chunkRows: 10,
  create: `CREATE TABLE carrier (Region varchar(20) NOT NULL, CarrierNum int NOT NULL, CarrierName varchar(100),
    Fee double NOT NULL, PRIMARY KEY (Region, CarrierNum)) ENGINE=InnoDB`,
  rows: rowsOf(
    30,
    (n) => `INSERT INTO carrier VALUES ('${n % 2 === 0 ? 'north' : 'south'}', ${n}, 'carrier ${n}', ${n}.25)`,
  ),
  asked: { plan: { strategy: 'digest', incrementalColumns: [] }, copy: { batchRows: 10 } },
};

/** Small, without a stamp, a text key: read whole. */
const SETTING: CrashTable = {
  name: 'setting',
  key: ['SettingName'],
  columns: ['SettingName', 'SettingValue'],
  chunkRows: null,
  create: `CREATE TABLE setting (SettingName varchar(50) NOT NULL PRIMARY KEY, SettingValue text) ENGINE=MyISAM`,
  rows: rowsOf(12, (n) => `INSERT INTO setting VALUES ('setting ${two(n)}', 'value ${n}')`),
  asked: { plan: { strategy: 'full_table', incrementalColumns: [] } },
};

/** Two stamps, one of them a business date, and a digest in every run, within the transaction of the rows. */
const CLAIM: CrashTable = {
  name: 'claim',
  key: ['ClaimNum'],
  columns: ['ClaimNum', 'Amount', 'Status', 'SecDateTEdit', 'DateEntry'],
  chunkRows: 15,
  create: `CREATE TABLE claim (ClaimNum bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, Amount decimal(10,2) NULL,
    Status char(1) NOT NULL, SecDateTEdit datetime NULL, DateEntry date NOT NULL) ENGINE=InnoDB`,
  rows: rowsOf(
    40,
    (n) => `INSERT INTO claim VALUES (${n}, ${n}.10, 'W', '${minute(n)}', '2026-02-${two((n % 28) + 1)}')`,
  ),
  asked: {
    plan: { strategy: 'incremental', incrementalColumns: ['SecDateTEdit', 'DateEntry'] },
    copy: { batchRows: 15, digestEverySeconds: 0 },
  },
};

export const TABLES: readonly CrashTable[] = [CARRIER, CLAIM, SETTING, VISIT];

/** The same settings for the command. */
export const TABLES_YML = `
defaults: {digest_every: never}
tables:
  visit: {incremental_columns: [DateTStamp], batch_size: 20}
  carrier: {extraction_strategy: digest, incremental_columns: [], batch_size: 10}
  setting: {extraction_strategy: full_table, incremental_columns: []}
  claim: {extraction_strategy: incremental, incremental_columns: [SecDateTEdit, DateEntry], batch_size: 15, digest_every: 0}
`;
