export type MysqlFlavor = 'mariadb' | 'mysql';

/** A server variable's value. */
export type Setting = string | number | boolean;

export interface ServerIdentity {
  readonly certificate: string;
  readonly key: string;
}

export interface MysqlOptions {
  /** What the server is for, in the line that says where it came from. */
  readonly name?: string | undefined;
  /** MariaDB preferred when unset, but MySQL will do. */
  readonly flavor?: MysqlFlavor | undefined;
  /** Container image; the default follows from the flavor. */
  readonly image?: string | undefined;
  /** Whether the image is what is wanted, so that a server of this machine or a downloaded one will not do. */
  readonly imageOnly?: boolean | undefined;
  /** Time zone of the server process, which is the server's `time_zone` SYSTEM. UTC when unset. */
  readonly timezone?: string | undefined;
  /** The server's own default when unset. */
  readonly sqlMode?: string | undefined;
  /** On when unset: MySQL 8 and later have it off by themselves. */
  readonly localInfile?: boolean | undefined;
  /** `utf8mb4` when unset. */
  readonly characterSet?: string | undefined;
  /** Server variables, by name. They win over everything above. */
  readonly settings?: Readonly<Record<string, Setting>> | undefined;
  /** PEM texts with which the server offers TLS; what it does by itself when unset. */
  readonly identity?: ServerIdentity | undefined;
  /** Arguments of the server program, word by word. */
  readonly extraArgs?: readonly string[] | undefined;
  /** Environment variable that may name a server to be used instead. */
  readonly urlVariable?: string | undefined;
}
