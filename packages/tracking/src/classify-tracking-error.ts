import { classifyDriverError, TidemarkError } from '@tidemark/errors';
import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';

/** What pg says when the server did not answer, or the pool had no connection free, within the connect time-out. */
const TIMED_OUT = /^timeout exceeded when trying to connect/;

/** `classifyDriverError`, which also knows what TypeORM says of a connection that broke and what a pool says that has none. */
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
  return error instanceof QueryRunnerAlreadyReleasedError || error instanceof QueryRunnerProviderAlreadyReleasedError;
}
