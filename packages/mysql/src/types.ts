/** How to reach a MySQL or MariaDB server. */
export interface MysqlEndpoint {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly ssl?:
    | {
        readonly mode: 'disabled' | 'preferred' | 'required' | 'verify-ca' | 'verify-full';
        readonly ca?: string | undefined;
      }
    | undefined;
}

export type MysqlFlavor = 'mariadb' | 'mysql';

export interface ServerFacts {
  readonly flavor: MysqlFlavor;
  /** As the server says it, for people. */
  readonly versionText: string;
  /** 101119 for 10.11.19, 80036 for 8.0.36: comparable. */
  readonly versionNumber: number;
  /** The server's global sql_mode and time_zone, before this session changed its own. */
  readonly globalSqlMode: string;
  readonly globalTimeZone: string;
  readonly localInfile: boolean;
  readonly readOnly: boolean;
  readonly maxAllowedPacket: number;
}

export interface ColumnDescription {
  readonly name: string;
  /** Lower-case base type: `bigint`, `varchar`, `datetime` … */
  readonly dataType: string;
  /** As the server prints it: `bigint(20) unsigned`, `enum('a','b')`. */
  readonly columnType: string;
  readonly unsigned: boolean;
  readonly nullable: boolean;
  /** Characters for text, bytes for binary, bits for bit; null where it does not apply. */
  readonly length: number | null;
  readonly precision: number | null;
  readonly scale: number | null;
  /** Digits after the second, 0 to 6, for time types. */
  readonly fractionDigits: number;
  readonly charset: string | null;
  readonly collation: string | null;
  /** The default as the server's information_schema prints it; null for none. */
  readonly defaultExpression: string | null;
  readonly autoIncrement: boolean;
  /** `ON UPDATE CURRENT_TIMESTAMP`. */
  readonly onUpdateStamp: boolean;
  /** Computed by the server: never written. */
  readonly generated: boolean;
  readonly invisible: boolean;
}

export interface IndexDescription {
  readonly name: string;
  readonly unique: boolean;
  /** In order. A prefix index (`col(10)`) is listed with `prefix: true`. */
  readonly columns: readonly { readonly name: string; readonly nullable: boolean; readonly prefix: boolean }[];
}

export interface TableDescription {
  readonly name: string;
  readonly engine: string;
  /** The server's estimate: exact for MyISAM, rough for InnoDB. */
  readonly estimatedRows: number;
  readonly estimatedBytes: number;
  readonly collation: string | null;
  /** When the server says the table was made, UTC: another time, another table. Null where it does not know. */
  readonly created: string | null;
  /** In ordinal order, invisible ones included. */
  readonly columns: readonly ColumnDescription[];
  readonly indexes: readonly IndexDescription[];
  /** The primary key, else the first unique index without nullable columns or prefixes, else empty. */
  readonly key: readonly string[];
}

/** Counts of promise P10: what was changed on the way, never which row. */
export interface ValueChanges {
  /** `0000-00-00` and dates with a zero part, written as NULL. */
  zeroDates: number;
  /** NUL characters stripped from text, counted in values. */
  nulStripped: number;
  /**
   * Values that the target type cannot hold: days that a month does not have, written as NULL, and text that is not
   * UTF-8, written with U+FFFD in place of the bytes that are wrong.
   */
  outOfRange: number;
}
