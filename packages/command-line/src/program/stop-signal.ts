import { constants } from 'node:os';

type StopName = 'SIGINT' | 'SIGTERM';

/** A program in between (pnpm) may pass on a Ctrl-C that came from the terminal already: that is one wish, not two. */
const SAME_WISH_MS = 500;

/** The wish to stop, as the hops take it and as the exit code tells it. */
export interface StopSignal extends Disposable {
  readonly signal: AbortSignal;
  /** 128 and the number of the signal that came first; null when none came. */
  exitCode(): number | null;
}

/**
 * Listens for Ctrl-C and for a polite kill. The first one asks the tables in flight to stop at their next safe point;
 * the second one ends the process at once, and what was not committed is undone by the servers.
 *
 * @param onFirst tells the user that the wish was heard
 */
export function listenForStop(onFirst: (name: StopName) => void): StopSignal {
  const controller = new AbortController();
  let exitCode: number | null = null;
  let askedAt = 0;
  const stop = (name: StopName): void => {
    const code = 128 + constants.signals[name];
    if (exitCode !== null) {
      if (performance.now() - askedAt < SAME_WISH_MS) return;
      process.exit(code);
    }
    exitCode = code;
    askedAt = performance.now();
    controller.abort();
    onFirst(name);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    [Symbol.dispose]: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
