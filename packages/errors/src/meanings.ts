import type { ErrorCode } from './codes.ts';

/** What an error of a server or driver means to the person who reads it. */
export interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

export const MEANINGS = {
  unreachable: {
    code: 'SERVER_UNREACHABLE',
    message: 'the server does not answer',
    hint: 'Check that it runs, and the host and port in the settings.',
  },
  crowded: {
    code: 'TOO_MANY_CONNECTIONS',
    message: 'the server has no connection free for this user',
    hint: 'Lower --jobs, or raise the limit of the server (max_connections) or of this user.',
  },
  denied: {
    code: 'ACCESS_DENIED',
    message: 'the server refused the user or the password',
    // A user of MySQL or MariaDB that must encrypt is refused with the words for a wrong password.
    hint: 'Check USER and PASSWORD of this connection, from which hosts the user may connect, and SSL_MODE where the user must encrypt.',
  },
  mustEncrypt: {
    code: 'CONFIG_INVALID',
    message: 'the server takes no unencrypted connection of this user from this machine',
    hint: 'Set SSL_MODE of this connection to required, or SSL_CA to verify the server as well.',
  },
  cannotEncrypt: {
    code: 'CONFIG_INVALID',
    message: 'the settings ask for an encrypted connection, which the server does not offer',
    hint: 'Switch TLS on in the server; or set SSL_MODE of this connection to preferred or disabled, where the way there is safe.',
  },
  noCommonTls: {
    code: 'CONFIG_INVALID',
    message: 'the server and this program found no way to encrypt that both know',
    hint: 'Let the server offer TLS 1.2 or later; or set SSL_MODE of this connection to disabled, where the way there is safe.',
  },
  untrusted: {
    code: 'CONFIG_INVALID',
    message: 'the certificate of the server is not signed by an authority that is trusted, or not valid now',
    hint: 'Name the authority that signed it in SSL_CA of this connection; SSL_MODE required encrypts without verifying it.',
  },
  otherName: {
    code: 'CONFIG_INVALID',
    message: 'the certificate of the server is made out to another name',
    hint: 'Set HOST of this connection to a name that stands in it, or SSL_MODE to verify-ca.',
  },
  blocked: {
    code: 'ACCESS_DENIED',
    message: 'the server refuses this machine, because too many connections from it broke',
    hint: 'Run FLUSH HOSTS on the server, and look for what breaks the connections.',
  },
  right: {
    code: 'RIGHT_MISSING',
    message: 'the user lacks a right that this needs',
    hint: 'Run `tidemark doctor`: it lists the missing rights and the GRANT for each.',
  },
  database: {
    code: 'DATABASE_MISSING',
    message: 'the database named in the settings does not exist',
    hint: 'Create it, or correct the DB setting of this connection.',
  },
  lost: {
    code: 'CONNECTION_LOST',
    message: 'the connection broke',
    hint: 'Run again: nothing was recorded that had not arrived. If it recurs, look at the server log and time-outs.',
  },
  conflict: {
    code: 'TRANSACTION_CONFLICT',
    message: 'the database undid the transaction because of a lock held by another',
    hint: 'Run again; if it recurs, look for long transactions on this table.',
  },
  timeout: {
    code: 'STATEMENT_TIMEOUT',
    message: 'the server ended a statement, by its time-out or because somebody asked it to',
    hint: 'Lower batch_size of the table, or raise the statement time-out of this user.',
  },
  full: {
    code: 'STORAGE_FULL',
    message: 'the server has no room left',
    hint: 'Free disk space on the server or raise the limit that was met, then run again: nothing was recorded.',
  },
  readOnly: {
    code: 'SERVER_READ_ONLY',
    message: 'the server takes no writes',
    hint: 'Point the settings at the primary, or turn read_only off.',
  },
  packet: {
    code: 'PACKET_TOO_LARGE',
    message: 'a row is larger than max_allowed_packet of the server',
    hint: 'Raise max_allowed_packet on source and replica.',
  },
  value: {
    code: 'VALUE_REFUSED',
    message: 'the server refused a value for the type of its column',
    hint: 'Compare the columns of its table there with those of the side that it is filled from: one holds less (a narrower type, NOT NULL, boolean for numbers). Widen it with ALTER TABLE, then run again.',
  },
  constraint: {
    code: 'VALUE_REFUSED',
    message: 'a foreign key, a CHECK or an exclusion refused a row',
    hint: 'Drop the constraint, which the definition of the table or the log of PostgreSQL names: the source does not keep to it, so a copy cannot.',
  },
  trigger: {
    code: 'VALUE_REFUSED',
    message: 'a trigger refused a row',
    hint: 'Drop or disable it; the log of the server has what it said. Nothing else may act on rows that are copied.',
  },
  duplicate: {
    code: 'DUPLICATE_KEY',
    message: 'a unique key would have been violated',
    hint: 'The key in tables.yml is not the key of the rows, or a unique index exists that the source lacks.',
  },
  vanished: {
    code: 'TABLE_CHANGED_DURING_RUN',
    message: 'a table or column that was there when the run began is gone',
    hint: 'Run again; if an OpenDental upgrade is running, wait until it is done.',
  },
  crashed: {
    code: 'DATABASE_ERROR',
    message: 'the table is damaged, as MyISAM tables are after a power cut',
    hint: 'Run REPAIR TABLE on that server, then run again.',
  },
} as const satisfies Record<string, Meaning>;

export type MeaningName = keyof typeof MEANINGS;
