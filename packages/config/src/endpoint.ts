import type { MysqlEndpoint } from '@tidemark/mysql';

export type SslSettings = NonNullable<MysqlEndpoint['ssl']>;
export type SslMode = SslSettings['mode'];

/** How to reach the warehouse. */
export interface PostgresEndpoint {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Where the raw tables and the tracking tables live. */
  readonly schema: string;
  readonly ssl?: SslSettings | undefined;
}

export interface Connections {
  readonly source: MysqlEndpoint;
  readonly replica: MysqlEndpoint;
  readonly warehouse: PostgresEndpoint;
}

export type ConnectionName = keyof Connections;

/** What one connection is called in the environment, and what it falls back to. */
export interface ConnectionKind {
  readonly prefix: string;
  readonly schemes: readonly string[];
  readonly port: number;
  /** Null where the server has no schemas of its own. */
  readonly schema: string | null;
}

const MYSQL = { schemes: ['mysql', 'mariadb'], port: 3306, schema: null } as const;

export const CONNECTION_KINDS: Readonly<Record<ConnectionName, ConnectionKind>> = {
  source: { prefix: 'OPENDENTAL_SOURCE', ...MYSQL },
  replica: { prefix: 'MYSQL_REPLICATION', ...MYSQL },
  warehouse: { prefix: 'POSTGRES_ANALYTICS', schemes: ['postgres', 'postgresql'], port: 5432, schema: 'raw' },
};

/** The words of MySQL, of libpq and ours. `allow` asks for less than `preferred` gives. */
const MODES: Readonly<Record<string, SslMode>> = {
  disabled: 'disabled',
  disable: 'disabled',
  preferred: 'preferred',
  prefer: 'preferred',
  allow: 'preferred',
  required: 'required',
  require: 'required',
  'verify-ca': 'verify-ca',
  'verify-full': 'verify-full',
  'verify-identity': 'verify-full',
};

export const SSL_MODE_WORDS = 'disabled, preferred, required, verify-ca, verify-full';

export function parseSslMode(text: string): SslMode | null {
  const word = text.trim().toLowerCase().replaceAll('_', '-');
  return Object.hasOwn(MODES, word) ? (MODES[word] ?? null) : null;
}
