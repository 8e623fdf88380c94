import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;
const DEFAULT_LIMIT_MS = 60_000;

export interface Waiting {
  /** Connects and asks something; throws as long as the server is not ready. Its result is handed on. */
  readonly ask: () => Promise<string>;
  /** Whether the server has died: then there is nothing to wait for. */
  readonly hasEnded: () => boolean | Promise<boolean>;
  readonly limitMs?: number;
  /** The end of the server's log, for the error. */
  readonly log: () => Promise<string>;
}

/** Waits until a server that was just started answers a query. */
export async function untilItAnswers(waiting: Waiting): Promise<string> {
  const limitMs = waiting.limitMs ?? DEFAULT_LIMIT_MS;
  const deadline = Date.now() + limitMs;
  for (;;) {
    try {
      return await waiting.ask();
    } catch (error) {
      const ended = await waiting.hasEnded();
      if (ended || Date.now() > deadline) {
        const what = ended ? 'The server ended while starting' : `The server did not answer within ${limitMs / 1000} s`;
        throw new Error(`${what}. Its log ends:\n${await waiting.log()}`, { cause: error });
      }
    }
    await sleep(POLL_MS);
  }
}
