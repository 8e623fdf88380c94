/** The steps of the ladder, in the order in which they are tried. */
export const RUNGS = ['url', 'container', 'local', 'apt', 'download'] as const;

/** Where a server came from. */
export type Rung = (typeof RUNGS)[number];

/** How to reach a server as a user who may create databases and accounts. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

export interface MysqlServer extends ServerAddress {
  readonly kind: 'mysql';
}

export interface PostgresServer extends ServerAddress {
  readonly kind: 'postgres';
}

/** What can be done to a server that was started here. All but `stop` fail for a server named by a URL. */
export interface ServerControl {
  /** Ends the server and removes all it left behind. A second call does nothing. */
  stop(): Promise<void>;
  /** Ends the server with SIGKILL, as a power cut would. Its data stays for `restart`. */
  kill(): Promise<void>;
  /** Starts the server again on the same port with the same data, after `kill` or while it is running. */
  restart(): Promise<void>;
}

export interface RunningServer extends ServerControl, AsyncDisposable {
  readonly rung: Rung;
  /** Which server this is and why, as it was said on stderr. */
  readonly chosen: string;
}

export type RunningMysqlServer = MysqlServer & RunningServer;
export type RunningPostgresServer = PostgresServer & RunningServer;

/** What a rung hands over once its server answers. */
export interface StartedServer extends ServerControl {
  readonly address: ServerAddress;
  /** A few words for the log: version and origin. */
  readonly description: string;
}
