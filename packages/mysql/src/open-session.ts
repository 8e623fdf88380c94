import { classifyDriverError, TidemarkError } from '@tidemark/errors';
import { endWhenStalled, USUAL_PATIENCE_MS, USUAL_STALL_MS } from '@tidemark/stall';
import type { Connection } from 'mysql2';

import { breakConnection, isAwaiting, socketOf } from './break-connection.ts';
import { connect } from './connect.ts';
import { statementsOf } from './count-statements.ts';
import { isServed } from './is-served.ts';
import { readServerFacts } from './server-facts.ts';
import type { MysqlEndpoint, ServerFacts } from './types.ts';

export type MysqlParameter = string | number | bigint | null;
export type MysqlRow = Readonly<Record<string, string | null>>;

/** One connection with the settings that make MySQL and MariaDB give every value exactly. */
export interface MysqlSession {
  readonly where: string;
  readonly facts: ServerFacts;
  readonly database: string;
  /** The raw connection, for the row path only. */
  readonly connection: Connection;
  /** Rows with every value as text or null, so that no number or date is rounded on the way. */
  query(sql: string, params?: readonly MysqlParameter[]): Promise<MysqlRow[]>;
  /** A statement without rows; the number of affected rows. */
  execute(sql: string, params?: readonly MysqlParameter[]): Promise<number>;
  /** Statements sent so far; 0 of a connection that was adopted: its owner counts them. */
  statements(): number;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** Which of the databases, for messages: 'source' or 'replica'. */
  readonly where: string;
  /** Milliseconds until an attempt to connect is given up. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds that the connection may stand still before the server is asked whether it is there; 2 min if unset. */
  readonly stallTimeoutMs?: number | undefined;
  /** Largest time one statement may run on the server, in seconds; 0 for no limit but the user's own. */
  readonly statementTimeoutSeconds?: number;
}

/**
 * Session settings that are not a matter of taste.
 *
 * TIMESTAMP values travel in UTC, text in utf8mb4. The sql_mode is fixed because the server's own may pad CHAR
 * (PAD_CHAR_TO_FULL_LENGTH), change quoting (NO_BACKSLASH_ESCAPES, ANSI_QUOTES) or refuse the zero dates that OpenDental
 * stores. A key of 0 stays 0 (NO_AUTO_VALUE_ON_ZERO), and a value that does not fit is an error, never cut (STRICT).
 * A server may also be set to end every result after so many rows (sql_select_limit), or to begin a transaction with the
 * first statement, which would show old rows for as long as the session lasts (autocommit).
 */
export const SESSION_SQL_MODE = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION';

/**
 * Seconds to wait for somebody else's lock on a table. The servers' own default is a day, or a year: a table that is
 * being altered, or a transaction that somebody left open, would hold up the run as long.
 */
const LOCK_WAIT_SECONDS = 60;

/** Milliseconds that a connection gets for its last words. */
const PATIENCE_MS = 2000;

/** Applies the session settings to a connection that somebody else opened (the tracking session of the replica). */
export async function prepareSession(connection: Connection): Promise<void> {
  await run(connection, 'SET NAMES utf8mb4');
  await run(
    connection,
    `SET SESSION time_zone = '+00:00', sql_mode = '${SESSION_SQL_MODE}', autocommit = 1, sql_select_limit = 18446744073709551615,
       lock_wait_timeout = CAST(LEAST(@@SESSION.lock_wait_timeout, ${LOCK_WAIT_SECONDS}) AS SIGNED)`,
  );
}

/**
 * Opens a connection and prepares it.
 *
 * @throws TidemarkError SERVER_UNREACHABLE, ACCESS_DENIED, DATABASE_MISSING, SERVER_TOO_OLD
 */
export async function openMysqlSession(endpoint: MysqlEndpoint, options: SessionOptions): Promise<MysqlSession> {
  const connection = await connect(endpoint, options);
  watch(connection, endpoint, options);
  try {
    await prepareSession(connection);
    const session = sessionOver(connection, options.where, endpoint.database);
    const facts = await readServerFacts(session);
    requireSupported(facts, options.where);
    await limitStatements(connection, facts, options.statementTimeoutSeconds ?? 0);
    return { ...session, facts, close: () => closeConnection(connection) };
  } catch (error) {
    breakConnection(connection);
    throw classifyDriverError(error, options.where);
  }
}

function watch(connection: Connection, endpoint: MysqlEndpoint, options: SessionOptions): void {
  const { where, stallTimeoutMs = USUAL_STALL_MS } = options;
  const patienceMs = Math.min(stallTimeoutMs, USUAL_PATIENCE_MS);
  const watched = {
    socket: socketOf(connection),
    isWaiting: () => isAwaiting(connection),
    isServed: () => isServed(endpoint, { where, patienceMs, threadId: connection.threadId }),
  };
  endWhenStalled(watched, stallTimeoutMs);
}

/** The session interface over a connection that is open and prepared already. Its owner closes it: `close` does nothing. */
export async function adoptConnection(connection: Connection, where: string, database: string): Promise<MysqlSession> {
  const session = sessionOver(connection, where, database);
  return { ...session, facts: await readServerFacts(session), close: () => Promise.resolve() };
}

function sessionOver(connection: Connection, where: string, database: string): Omit<MysqlSession, 'facts' | 'close'> {
  return {
    where,
    database,
    connection,
    statements: () => statementsOf(connection),
    query: async (sql, params = []) => asText(await ask(connection, where, sql, params)),
    execute: async (sql, params = []) => affectedRows(await ask(connection, where, sql, params)),
  };
}

function asText(rows: unknown): MysqlRow[] {
  return Array.isArray(rows) ? rows : [];
}

function affectedRows(result: unknown): number {
  if (typeof result === 'object' && result !== null && 'affectedRows' in result) return Number(result.affectedRows);
  return 0;
}

async function ask(
  connection: Connection,
  where: string,
  sql: string,
  params: readonly MysqlParameter[],
): Promise<unknown> {
  try {
    return await run(connection, sql, params);
  } catch (error) {
    throw classifyDriverError(error, where);
  }
}

function run(connection: Connection, sql: string, values: readonly MysqlParameter[] = []): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const typeCast = (field: { string(): string | null }): string | null => field.string();
    connection.query({ sql, values: [...values], typeCast }, (error, result) => {
      if (error) reject(error);
      else resolve(result);
    });
  });
}

function requireSupported(facts: ServerFacts, where: string): void {
  if (facts.versionNumber >= 50_600) return;
  throw new TidemarkError('SERVER_TOO_OLD', {
    message: `${where}: server version ${facts.versionText} is older than 5.6`,
    hint: 'Tidemark reads MySQL 5.6 and later and MariaDB 10 and later.',
  });
}

/** A shorter limit that the server or the user was given stays; 0 stands for none. */
async function limitStatements(connection: Connection, facts: ServerFacts, seconds: number): Promise<void> {
  if (seconds <= 0) return;
  const shorter = (current: string, limit: number): string =>
    `IF(${current} > 0, LEAST(${current}, ${limit}), ${limit})`;
  if (facts.flavor === 'mariadb') {
    await run(connection, `SET SESSION max_statement_time = ${shorter('@@SESSION.max_statement_time', seconds)}`);
  } else if (facts.versionNumber >= 50_708) {
    const milliseconds = shorter('@@SESSION.max_execution_time', Math.round(seconds * 1000));
    await run(connection, `SET SESSION max_execution_time = CAST(${milliseconds} AS SIGNED)`);
  }
}

/** Says goodbye and waits until the socket is closed; a connection that is still busy is broken instead. */
function closeConnection(connection: Connection): Promise<void> {
  const socket = socketOf(connection);
  if (socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => breakConnection(connection), PATIENCE_MS);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    // With a callback, since mysql2 would emit an error where the connection is closing already.
    connection.end(() => {});
  });
}
