/** Ends what a run waits for when it was asked to stop and has come to no safe point in time. */
export interface StopDeadline extends Disposable {
  /** True once something was ended: whatever fails after that failed because of it. */
  readonly hasPassed: boolean;
  /** Has `end` called so long after the wish to stop, unless this or the deadline is disposed of before. */
  after(ms: number, end: () => Promise<void>): Disposable;
}

/** Milliseconds from the wish to stop until the side that is read from is ended, and the side that is written to. */
export const STOP_READING_MS = 3000;
export const STOP_WRITING_MS = 6000;

/** A deadline that starts when the signal is aborted; one without a signal never passes. */
export function stopDeadline(signal: AbortSignal | undefined): StopDeadline {
  let hasPassed = false;
  const all = new DisposableStack();
  return {
    get hasPassed() {
      return hasPassed;
    },
    after: (ms, end) => {
      let timer: NodeJS.Timeout | undefined;
      const start = (): void => {
        timer = setTimeout(() => {
          hasPassed = true;
          void end();
        }, ms);
      };
      if (signal?.aborted === true) start();
      else signal?.addEventListener('abort', start, { once: true });
      return all.adopt({ [Symbol.dispose]: () => cancel() }, () => cancel());

      function cancel(): void {
        clearTimeout(timer);
        signal?.removeEventListener('abort', start);
      }
    },
    [Symbol.dispose]: () => all.dispose(),
  };
}
