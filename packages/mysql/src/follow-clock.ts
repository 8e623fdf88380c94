import { readClock } from './read-clock.ts';
import type { SourceThrottle } from './source-throttle.ts';

const LOOK_EVERY_MS = 60_000;

/**
 * A throttle that also tells the server's wall clock now and then, before a statement that reads rows: it is put forward
 * in spring, and by hand.
 */
export function followClock(
  throttle: SourceThrottle,
  tell: (wall: string) => void,
  everyMs = LOOK_EVERY_MS,
): SourceThrottle {
  let lookedAt = performance.now();
  return {
    ...throttle,
    ready: async (session, watch) => {
      await throttle.ready(session, watch);
      if (performance.now() - lookedAt < everyMs) return;
      lookedAt = performance.now();
      const { wall } = await readClock(session);
      tell(wall);
    },
  };
}
