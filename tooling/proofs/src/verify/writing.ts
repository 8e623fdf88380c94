import { setTimeout as sleep } from 'node:timers/promises';

import { secondSession } from '../losses/second-session.ts';
import type { Pipeline } from '../pipeline.ts';

/** Does something to the source again and again, on a connection of its own, until it is disposed of. */
export async function writing(
  { source }: Pick<Pipeline, 'source'>,
  statements: (turn: number) => string,
): Promise<AsyncDisposable & { turns(): number }> {
  const session = await secondSession(source);
  const stop = new AbortController();
  let turn = 0;
  const ended = (async () => {
    for (; !stop.signal.aborted; turn += 1) {
      await session.query(statements(turn));
      await sleep(2);
    }
  })();
  return {
    turns: () => turn,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await ended;
      await session.end();
    },
  };
}
