import { expect, test } from 'vitest';

import { classifyDriverError } from './classify-driver-error.ts';
import type { ErrorCode } from './codes.ts';
import { TidemarkError } from './tidemark-error.ts';

/** As the drivers throw it: the fields that were seen on real servers behind a network that breaks. */
interface Shape {
  readonly code?: string;
  readonly errno?: number;
  readonly sqlState?: string;
  readonly syscall?: string;
  readonly fatal?: boolean;
}

function thrown(message: string, shape: Shape = {}): Error {
  return Object.assign(new Error(message), shape);
}

const reset = { code: 'ECONNRESET', errno: -104, fatal: true };

test.each<[what: string, error: Error, code: ErrorCode]>([
  ['mysql2: reset in a statement', thrown('read ECONNRESET', { ...reset, syscall: 'read' }), 'CONNECTION_LOST'],
  ['mysql2: reset in LOAD DATA', thrown('write ECONNRESET', { ...reset, syscall: 'write' }), 'CONNECTION_LOST'],
  ['mysql2: pipe gone in LOAD DATA', thrown('write EPIPE', { code: 'EPIPE', errno: -32 }), 'CONNECTION_LOST'],
  [
    'mysql2: the server said goodbye',
    thrown('Connection lost: The server closed the connection.', { code: 'PROTOCOL_CONNECTION_LOST', fatal: true }),
    'CONNECTION_LOST',
  ],
  [
    'mysql2: a statement after that',
    thrown("Can't add new command when connection is in closed state", { fatal: true }),
    'CONNECTION_LOST',
  ],
  [
    'mysql2: a statement on a socket we ended',
    thrown('Cannot call write after a stream was destroyed', { code: 'ERR_STREAM_DESTROYED' }),
    'CONNECTION_LOST',
  ],
  [
    'mysql2: no answer to connect',
    thrown('connect ETIMEDOUT', { code: 'ETIMEDOUT', syscall: 'connect' }),
    'SERVER_UNREACHABLE',
  ],
  ['keepalive found nobody', thrown('read ETIMEDOUT', { code: 'ETIMEDOUT', syscall: 'read' }), 'CONNECTION_LOST'],
  ['nobody listens', thrown('connect ECONNREFUSED 127.0.0.1:1', { code: 'ECONNREFUSED' }), 'SERVER_UNREACHABLE'],
  ['pg: reset in COPY', thrown('write ECONNRESET', { ...reset, syscall: 'write' }), 'CONNECTION_LOST'],
  ['pg: ended between statements', thrown('Connection terminated unexpectedly'), 'CONNECTION_LOST'],
  [
    'pg: a statement after that',
    thrown('Client has encountered a connection error and is not queryable'),
    'CONNECTION_LOST',
  ],
  ['pg: no answer to connect', thrown('timeout expired'), 'SERVER_UNREACHABLE'],
  ['pg: none for the pool', thrown('timeout exceeded when trying to connect'), 'SERVER_UNREACHABLE'],
  ['pg: gave up connecting', thrown('Connection terminated due to connection timeout'), 'SERVER_UNREACHABLE'],
  ['pg: stream cut', thrown('Premature close', { code: 'ERR_STREAM_PREMATURE_CLOSE' }), 'CONNECTION_LOST'],
])('%s', (_, error, code) => {
  expect(classifyDriverError(error, 'replica').code).toBe(code);
});

const notTrusted = 'self-signed certificate; if the root CA is installed locally, try running Node.js with';
const otherName = "Hostname/IP does not match certificate's altnames: Host: localhost. is not in the cert's altnames";
const noEntry = 'no pg_hba.conf entry for host "10.0.0.7", user "tidemark", database "analytics"';

test.each<[what: string, error: Error, hint: RegExp]>([
  ['mysql2: no TLS', thrown('Server does not support', { code: 'HANDSHAKE_NO_SSL_SUPPORT', fatal: true }), /disabled/],
  ['mysql2: not trusted', thrown(notTrusted, { code: 'HANDSHAKE_SSL_ERROR', fatal: true }), /SSL_CA/],
  ['mysql2: another name', thrown(otherName, { code: 'HANDSHAKE_SSL_ERROR', fatal: true }), /HOST .*verify-ca/],
  ['mysql2: no common version', thrown('80B:error:0A:SSL', { code: 'HANDSHAKE_SSL_ERROR', fatal: true }), /TLS 1\.2/],
  [
    'MySQL: TLS only',
    thrown('Connections using insecure', { code: 'ER_SECURE_TRANSPORT_REQUIRED', errno: 3159 }),
    /SSL_MODE .*required/,
  ],
  ['pg: no TLS', thrown('The server does not support SSL connections'), /disabled/],
  ['pg: TLS only', thrown(`${noEntry}, no encryption`, { code: '28000' }), /SSL_MODE .*required/],
  ['pg: TLS only, before 14', thrown(`${noEntry}, SSL off`, { code: '28000' }), /SSL_MODE .*required/],
  ['pg: not trusted', thrown(notTrusted, { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), /SSL_CA/],
  ['pg: another name', thrown(otherName, { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), /HOST .*verify-ca/],
  ['pg: no common version', thrown('write EPROTO 80B', { code: 'EPROTO', syscall: 'write' }), /TLS 1\.2/],
])('what encryption needs stands in the settings: %s', (_, error, hint) => {
  const told = classifyDriverError(error, 'warehouse');
  expect(told).toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringMatching(hint), isTransient: false });
});

test('who is not admitted with encryption either is denied', () => {
  expect(classifyDriverError(thrown(`${noEntry}, SSL encryption`, { code: '28000' }), 'warehouse').code).toBe(
    'ACCESS_DENIED',
  );
});

test.each<[name: string | undefined, errno: number, code: ErrorCode]>([
  ['ER_CON_COUNT_ERROR', 1040, 'TOO_MANY_CONNECTIONS'],
  ['ER_TOO_MANY_USER_CONNECTIONS', 1203, 'TOO_MANY_CONNECTIONS'],
  ['ER_USER_LIMIT_REACHED', 1226, 'TOO_MANY_CONNECTIONS'],
  ['ER_HOST_IS_BLOCKED', 1129, 'ACCESS_DENIED'],
  ['ER_ACCESS_DENIED_ERROR', 1045, 'ACCESS_DENIED'],
  ['ER_TABLEACCESS_DENIED_ERROR', 1142, 'RIGHT_MISSING'],
  ['ER_SERVER_SHUTDOWN', 1053, 'CONNECTION_LOST'],
  ['ER_CONNECTION_KILLED', 1927, 'CONNECTION_LOST'],
  [undefined, 1927, 'CONNECTION_LOST'],
  ['ER_NET_READ_INTERRUPTED', 1159, 'CONNECTION_LOST'],
  ['ER_LOCK_WAIT_TIMEOUT', 1205, 'TRANSACTION_CONFLICT'],
  ['ER_LOCK_DEADLOCK', 1213, 'TRANSACTION_CONFLICT'],
  ['ER_CHECKREAD', 1020, 'TRANSACTION_CONFLICT'],
  ['ER_QUERY_TIMEOUT', 3024, 'STATEMENT_TIMEOUT'],
  [undefined, 1969, 'STATEMENT_TIMEOUT'],
  ['ER_QUERY_INTERRUPTED', 1317, 'STATEMENT_TIMEOUT'],
  ['ER_DISK_FULL', 1021, 'STORAGE_FULL'],
  ['ER_RECORD_FILE_FULL', 1114, 'STORAGE_FULL'],
  ['ER_OPTION_PREVENTS_STATEMENT', 1290, 'SERVER_READ_ONLY'],
  ['ER_READ_ONLY_MODE', 1836, 'SERVER_READ_ONLY'],
  ['ER_NET_PACKET_TOO_LARGE', 1153, 'PACKET_TOO_LARGE'],
  ['ER_TABLE_DEF_CHANGED', 1412, 'TABLE_CHANGED_DURING_RUN'],
  ['ER_INVALID_CHARACTER_STRING', 1300, 'VALUE_REFUSED'],
  ['ER_CHECK_CONSTRAINT_VIOLATED', 3819, 'VALUE_REFUSED'],
  [undefined, 4025, 'VALUE_REFUSED'],
  ['ER_CRASHED_ON_USAGE', 1194, 'DATABASE_ERROR'],
  ['ER_PARSE_ERROR', 1064, 'DATABASE_ERROR'],
])('MySQL and MariaDB: %s %i', (name, errno, code) => {
  const shape = { errno, sqlState: 'HY000', ...(name === undefined ? {} : { code: name }) };
  expect(classifyDriverError(thrown('as the server says', shape), 'replica')).toMatchObject({
    code,
    driverCode: [name, errno, 'HY000'].filter(Boolean).join(' '),
  });
});

test.each([
  `Got error 28 "No space left on device" from storage engine InnoDB`,
  'Got error 28 from storage engine',
  `Error writing file '/tmp/MYfd=42' (Errcode: 28 "No space left on device")`,
  `Error writing file '/tmp/MYfd=42' (errno: 28 - No space left on device)`,
])('a full disk that MySQL tells in words only: %s', (message) => {
  const error = thrown(message, { code: 'ER_GET_ERRNO', errno: 1030, sqlState: 'HY000' });
  expect(classifyDriverError(error, 'replica').code).toBe('STORAGE_FULL');
});

test.each<[state: string, code: ErrorCode]>([
  ['53300', 'TOO_MANY_CONNECTIONS'],
  ['53100', 'STORAGE_FULL'],
  ['53400', 'STORAGE_FULL'],
  ['53200', 'DATABASE_ERROR'],
  ['57014', 'STATEMENT_TIMEOUT'],
  ['57P01', 'CONNECTION_LOST'],
  ['57P03', 'SERVER_UNREACHABLE'],
  ['57P05', 'CONNECTION_LOST'],
  ['08006', 'CONNECTION_LOST'],
  ['55P03', 'TRANSACTION_CONFLICT'],
  ['40P01', 'TRANSACTION_CONFLICT'],
  ['40001', 'TRANSACTION_CONFLICT'],
  ['25006', 'SERVER_READ_ONLY'],
  ['28P01', 'ACCESS_DENIED'],
  ['3D000', 'DATABASE_MISSING'],
  ['42501', 'RIGHT_MISSING'],
  ['42P01', 'TABLE_CHANGED_DURING_RUN'],
  ['22001', 'VALUE_REFUSED'],
  ['23502', 'VALUE_REFUSED'],
  ['23505', 'DUPLICATE_KEY'],
  ['P0001', 'VALUE_REFUSED'],
  ['XX000', 'DATABASE_ERROR'],
])('PostgreSQL: SQLSTATE %s', (state, code) => {
  expect(classifyDriverError(thrown('as the server says', { code: state }), 'warehouse').code).toBe(code);
});

test.each([
  [{ code: '23503' }, /foreign key/],
  [{ code: '23514' }, /CHECK/],
  [{ code: 'P0001' }, /trigger/],
  [{ code: 'ER_ROW_IS_REFERENCED_2', errno: 1451 }, /foreign key/],
  [{ code: 'ER_CHECK_CONSTRAINT_VIOLATED', errno: 3819 }, /CHECK/],
  [{ errno: 4025 }, /CHECK/],
  [{ code: 'ER_SIGNAL_EXCEPTION', errno: 1644 }, /trigger/],
])('what the table itself refuses is not taken for a type that is too narrow: %j', (fields, words) => {
  const { code, message, hint } = classifyDriverError(thrown('Key (p)=(17) is not present', fields), 'warehouse');
  expect({ code, message }).toEqual({ code: 'VALUE_REFUSED', message: expect.stringMatching(words) });
  expect(hint).toMatch(/^Drop/);
});

test.each(['22003', '22P02', '23502', 'ER_DATA_TOO_LONG', 'ER_BAD_NULL_ERROR'])(
  'a refused value: the hint helps before a table was ever copied, when verify skips it: %s',
  (code) => {
    const { hint } = classifyDriverError(thrown('as the server says', { code }), 'warehouse');
    expect(hint).toMatch(/ALTER TABLE/);
    expect(hint).not.toContain('verify');
  },
);

test.each([
  [{ message: `Out of range value for column 'ProcFee' at row 3`, code: 'ER_WARN_DATA_OUT_OF_RANGE' }],
  [{ message: `Column 'ProcFee' cannot be null`, code: 'ER_BAD_NULL_ERROR' }],
  [
    {
      message: "Incorrect string value: '\\xF0' for column `od`.`pl`.`ProcFee` at row 1",
      code: 'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD',
    },
  ],
  [
    {
      message: `Incorrect double value: 'x' for column 'Smith' at row 1' for column 'ProcFee' at row 2`,
      code: 'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD',
    },
  ],
  [{ message: 'null value in column', code: '23502', column: 'ProcFee' }],
  [{ message: 'invalid', code: '22P02', where: 'COPY pl, line 1, column ProcFee: "x, line 1, column Smith: y"' }],
])('a refused value: the column is named where the server names it: %j', ({ message, ...fields }) => {
  const told = classifyDriverError(thrown(message, fields), 'replica');
  expect(told.code).toBe('VALUE_REFUSED');
  expect(told.message).toMatch(/type of its column \(column ProcFee\)$/);
});

test.each([
  { message: `Truncated incorrect DOUBLE value: 'for column 'Smith' at row 1'`, code: 'ER_TRUNCATED_WRONG_VALUE' },
  { message: `value "for column 'Smith' at row 1" is out of range`, code: '22003', where: `COPY pl, line 4: "Smith"` },
  { message: 'invalid', code: '22P02', where: 'unnamed portal: COPY pl, line 1, column Smith: x' },
])('a refused value: no column is guessed from a value: %j', ({ message, ...fields }) => {
  expect(classifyDriverError(thrown(message, fields), 'replica').message).toMatch(/type of its column$/);
});

test('a row value that reads like another error does not decide', () => {
  const error = thrown("Duplicate entry 'No space left on device' for key 'PRIMARY'", { code: 'ER_DUP_ENTRY' });
  expect(classifyDriverError(error, 'replica').code).toBe('DUPLICATE_KEY');
});

test('of what the driver says, only its codes are told', () => {
  const error = thrown("Duplicate entry 'Smith' for key 'PRIMARY'", { code: 'ER_DUP_ENTRY', errno: 1062 });
  const told = classifyDriverError(
    Object.assign(error, { sql: 'INSERT', parameters: ['Smith'] }),
    'replica',
    'patient',
  );
  expect(JSON.stringify([told, told.message, told.hint, told.stack, told.cause])).not.toContain('Smith');
  expect(told).toMatchObject({ code: 'DUPLICATE_KEY', table: 'patient', driverCode: 'ER_DUP_ENTRY 1062' });
  expect(classifyDriverError(new Error('Smith'), 'replica')).toMatchObject({ code: 'INTERNAL' });
  expect(classifyDriverError(new Error('Smith'), 'replica').message).not.toContain('Smith');
});

test('what is ours already stays, and learns its table once', () => {
  const known = new TidemarkError('STORAGE_FULL', { message: 'full', hint: 'none', driverCode: '53100' });
  expect(classifyDriverError(known, 'replica')).toBe(known);
  const ofTable = classifyDriverError(known, 'replica', 'patient');
  expect(ofTable).toMatchObject({ code: 'STORAGE_FULL', table: 'patient', driverCode: '53100' });
  expect(classifyDriverError(ofTable, 'replica', 'recall').table).toBe('patient');
});

test('what may pass is tried again; what a person must mend, and what another run holds, is not', () => {
  const isTransient = (code: ErrorCode): boolean => new TidemarkError(code, { message: '', hint: '' }).isTransient;
  const passing: readonly ErrorCode[] = [
    'SERVER_UNREACHABLE',
    'TOO_MANY_CONNECTIONS',
    'CONNECTION_LOST',
    'INTERRUPTED',
    'TRANSACTION_CONFLICT',
    'TABLE_CHANGED_DURING_RUN',
  ];
  const lasting: readonly ErrorCode[] = [
    'TABLE_LOCKED',
    'STATEMENT_TIMEOUT',
    'STORAGE_FULL',
    'SERVER_READ_ONLY',
    'PACKET_TOO_LARGE',
    'RIGHT_MISSING',
    'STOPPED',
    'INTERNAL',
  ];
  expect(passing.filter(isTransient)).toEqual(passing);
  expect(lasting.filter(isTransient)).toEqual([]);
});
