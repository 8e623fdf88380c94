/** How to reach one of the two databases that hold tracking tables. Structurally the `MysqlEndpoint` of the mysql package. */
export interface TrackingEndpoint {
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

export interface OpenOptions {
  /** Connections at most: one per session, and one for everything else. 10 where not given. */
  readonly poolSize?: number | undefined;
  /** Milliseconds to wait for a connection. 10,000 where not given. */
  readonly connectTimeoutMs?: number | undefined;
  /** Milliseconds that a connection may stand still before its server is asked whether it is there. 2 min where not given. */
  readonly stallTimeoutMs?: number | undefined;
}
