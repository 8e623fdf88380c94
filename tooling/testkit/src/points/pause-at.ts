import { onPoint } from './on-point.ts';

export interface Pause extends Disposable {
  /** Resolves when the code has come to the point, where it now waits. */
  readonly reached: Promise<void>;
  /** Lets the code go on. Disposal does it too. */
  release(): void;
}

/** Holds the code of this process at a point, the first time it comes there. */
export function pauseAt(point: string, table: string): Pause {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const subscription = onPoint(point, table, () => {
    reached.resolve();
    return subscription.visits() === 1 ? released.promise : Promise.resolve();
  });
  return {
    reached: reached.promise,
    release: () => {
      released.resolve();
    },
    [Symbol.dispose]: () => {
      released.resolve();
      subscription[Symbol.dispose]();
    },
  };
}
