import { TidemarkError, type ErrorCode } from '@tidemark/errors';

/** How often tables of one hop are still tried again in this run. */
export interface Patience {
  /** Retries that the next table gets. */
  retries(): number;
  /** Told how each table ended: null for success. */
  ended(error: unknown): void;
}

/** Errors that say nothing of a table and much of its server. */
const OF_THE_SERVER: ReadonlySet<ErrorCode> = new Set([
  'SERVER_UNREACHABLE',
  'CONNECTION_LOST',
  'TOO_MANY_CONNECTIONS',
]);

/**
 * A server that stayed away through all retries of one table is not waited for by every table after it: each gets one
 * attempt, until one succeeds.
 */
export function createPatience(retries: number): Patience {
  let isUsedUp = false;
  return {
    retries: () => (isUsedUp ? 0 : retries),
    ended: (error) => {
      if (error === null) isUsedUp = false;
      else if (error instanceof TidemarkError && OF_THE_SERVER.has(error.code)) isUsedUp = true;
    },
  };
}
