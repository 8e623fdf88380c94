import type { ErrorCode } from './codes.ts';
import { TidemarkError } from './tidemark-error.ts';

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

const MEANINGS = {
  unreachable: {
    code: 'SERVER_UNREACHABLE',
    message: 'the server does not answer',
    hint: 'Check that it runs, and the host and port in the settings.',
  },
  denied: {
    code: 'ACCESS_DENIED',
    message: 'the server refused the user or the password',
    hint: 'Check USER and PASSWORD of this connection, and from which hosts the user may connect.',
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
    message: 'a statement ran longer than the server allows',
    hint: 'Lower batch_size of the table, or raise the statement time-out of this user.',
  },
  full: {
    code: 'STORAGE_FULL',
    message: 'the server has no room left',
    hint: 'Free disk space on the server, then run again: nothing was recorded.',
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
    hint: 'Run `tidemark verify` on this table; the column types on the two sides differ in range.',
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
} as const satisfies Record<string, Meaning>;

type MeaningName = keyof typeof MEANINGS;

/** Names by mysql2 and by Node's net module. Source: the MySQL and MariaDB error references. */
const BY_CODE: Readonly<Record<string, MeaningName>> = {
  ECONNREFUSED: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'unreachable',
  ENOENT: 'unreachable',
  ECONNRESET: 'lost',
  EPIPE: 'lost',
  PROTOCOL_CONNECTION_LOST: 'lost',
  ERR_STREAM_PREMATURE_CLOSE: 'lost',
  ER_ACCESS_DENIED_ERROR: 'denied',
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: 'denied',
  ER_HOST_NOT_PRIVILEGED: 'denied',
  ER_DBACCESS_DENIED_ERROR: 'right',
  ER_TABLEACCESS_DENIED_ERROR: 'right',
  ER_COLUMNACCESS_DENIED_ERROR: 'right',
  ER_SPECIFIC_ACCESS_DENIED_ERROR: 'right',
  ER_BAD_DB_ERROR: 'database',
  ER_SERVER_SHUTDOWN: 'lost',
  ER_CONNECTION_KILLED: 'lost',
  ER_LOCK_DEADLOCK: 'conflict',
  ER_LOCK_WAIT_TIMEOUT: 'conflict',
  ER_QUERY_TIMEOUT: 'timeout',
  ER_STATEMENT_TIMEOUT: 'timeout',
  ER_DISK_FULL: 'full',
  ER_RECORD_FILE_FULL: 'full',
  ER_OPTION_PREVENTS_STATEMENT: 'readOnly',
  ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION: 'readOnly',
  ER_NET_PACKET_TOO_LARGE: 'packet',
  ER_DATA_TOO_LONG: 'value',
  ER_WARN_DATA_OUT_OF_RANGE: 'value',
  ER_TRUNCATED_WRONG_VALUE: 'value',
  ER_TRUNCATED_WRONG_VALUE_FOR_FIELD: 'value',
  WARN_DATA_TRUNCATED: 'value',
  ER_DUP_ENTRY: 'duplicate',
  ER_NO_SUCH_TABLE: 'vanished',
  ER_BAD_FIELD_ERROR: 'vanished',
  // Altered after the snapshot of the transaction that reads it.
  ER_TABLE_DEF_CHANGED: 'vanished',
};

/** mysql2 leaves `code` out for numbers it does not know (MariaDB's own). */
const BY_ERRNO: Readonly<Record<number, MeaningName>> = {
  1053: 'lost',
  1927: 'lost',
  2006: 'lost',
  2013: 'lost',
  1969: 'timeout',
  3024: 'timeout',
  1021: 'full',
  1114: 'full',
  1290: 'readOnly',
  1836: 'readOnly',
  1153: 'packet',
};

/** PostgreSQL: the whole SQLSTATE first, then its class. Source: PostgreSQL manual, appendix A. */
const BY_SQLSTATE: Readonly<Record<string, MeaningName>> = {
  '28P01': 'denied',
  '28000': 'denied',
  '42501': 'right',
  '3D000': 'database',
  '57P01': 'lost',
  '57P02': 'lost',
  '57P03': 'unreachable',
  '25006': 'readOnly',
  '57014': 'timeout',
  '25P03': 'timeout',
  '40001': 'conflict',
  '40P01': 'conflict',
  '55P03': 'conflict',
  '23505': 'duplicate',
  '42P01': 'vanished',
  '42703': 'vanished',
  '08': 'lost',
  '22': 'value',
  '23': 'value',
  '53': 'full',
};

interface DriverFields {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly sqlState?: unknown;
  readonly message?: unknown;
}

function meaningOf(fields: DriverFields): MeaningName | undefined {
  const code = typeof fields.code === 'string' ? fields.code : '';
  const errno = typeof fields.errno === 'number' ? fields.errno : 0;
  const message = typeof fields.message === 'string' ? fields.message : '';
  if (/^Connection terminated|^Can't add new command|connection is in closed state|Query read timeout/.test(message)) {
    return 'lost';
  }
  if (/errno: 28\b|Errcode: 28\b|No space left on device/.test(message)) return 'full';
  return BY_CODE[code] ?? BY_ERRNO[errno] ?? BY_SQLSTATE[code] ?? BY_SQLSTATE[code.slice(0, 2)];
}

/**
 * Turns whatever a driver threw into a TidemarkError, once, at the edge.
 *
 * The driver's message is dropped: `Duplicate entry '…'`, `Key (…)=(…)` and `invalid input syntax … "…"` quote row
 * values (promise P8). Code, errno and SQLSTATE are kept.
 *
 * @param where which of the three databases, for the message: 'source', 'replica', 'warehouse'
 */
export function classifyDriverError(error: unknown, where: string, table?: string): TidemarkError {
  if (error instanceof TidemarkError) return table === undefined || error.table ? error : error.forTable(table);
  const fields: DriverFields = typeof error === 'object' && error !== null ? error : {};
  const driverCode = [fields.code, fields.errno, fields.sqlState]
    .filter((part) => typeof part === 'string' || typeof part === 'number')
    .join(' ');
  const name = meaningOf(fields);
  if (name) {
    const { code, message, hint } = MEANINGS[name];
    return new TidemarkError(code, { message: `${where}: ${message}`, hint, table, driverCode });
  }
  if (driverCode !== '') {
    return new TidemarkError('DATABASE_ERROR', {
      message: `${where}: the database answered with error ${driverCode}`,
      hint: 'Look the number up in the manual of the server; its log has the statement.',
      table,
      driverCode,
    });
  }
  return new TidemarkError('INTERNAL', {
    message: `${where}: unexpected ${error instanceof Error ? error.name : typeof error}`,
    hint: 'This is a defect: report it with the command and --log-level debug output.',
    table,
  });
}
