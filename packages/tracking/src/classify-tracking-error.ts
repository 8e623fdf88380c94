import { classifyDriverError, TidemarkError } from '@tidemark/errors';
import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';

/** What pg and mysql2 say, without a code, when the connection of a session is gone. */
const GONE = /^Client has encountered a connection error|^Client was closed|^Pool is closed|^Cannot use a pool/;

/** What pg says when the server did not answer, or the pool had no connection free, within the connect time-out. */
const TIMED_OUT = /^timeout exceeded when trying to connect/;

/** `classifyDriverError`, which also knows what TypeORM and the pools say of a connection that broke. */
export function classifyTrackingError(error: unknown, where: 'replica' | 'warehouse', table?: string): TidemarkError {
  if (error instanceof Error && !(error instanceof TidemarkError)) {
    if (isGone(error)) {
      return new TidemarkError('CONNECTION_LOST', {
        message: `${where}: the connection broke`,
        hint: 'Run again: nothing was recorded that had not arrived. If it recurs, look at the server log and time-outs.',
        table,
      });
    }
    if (TIMED_OUT.test(error.message)) {
      return new TidemarkError('SERVER_UNREACHABLE', {
        message: `${where}: no connection within the connect time-out`,
        hint: 'Check that the server runs, the host and port in the settings, and its limit of connections.',
        table,
      });
    }
  }
  return classifyDriverError(error, where, table);
}

/** On PostgreSQL, TypeORM releases a runner by itself when the connection under it ends. */
function isGone(error: Error): boolean {
  return (
    error instanceof QueryRunnerAlreadyReleasedError ||
    error instanceof QueryRunnerProviderAlreadyReleasedError ||
    GONE.test(error.message)
  );
}
