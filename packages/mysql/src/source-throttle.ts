import { setTimeout as sleep } from 'node:timers/promises';

import type { MysqlSession } from './open-session.ts';
import { createRowBudget } from './row-budget.ts';

export interface ThrottleLimits {
  /** Rows that all who read take together in a second; null for no limit. */
  readonly rowsPerSecond: number | null;
  /** Threads that may run on the server at once before reading pauses, those of the readers among them; null: any. */
  readonly threadsRunning: number | null;
}

export interface ThrottleWatch {
  /** Aborted: nothing is waited for. */
  readonly signal?: AbortSignal | undefined;
  /** Told once of each pause: the server is busy. */
  readonly onPause?: ((pause: { readonly threadsRunning: number; readonly limit: number }) => void) | undefined;
  /** Told when it is over. */
  readonly onResume?: ((pause: { readonly waitedMs: number }) => void) | undefined;
}

/** Keeps all who read from one server within its limits (promise P9). Asked before each statement that reads rows. */
export interface SourceThrottle {
  /** Most rows that one statement is to read: about half a second of the rate. */
  readonly mostRows: number;
  /** Waits until the next statement may begin. */
  ready(session: MysqlSession, watch?: ThrottleWatch): Promise<void>;
  /** Says how many rows a statement has read. */
  took(rows: number): void;
}

/** Milliseconds between two looks at the server. */
const LOOK_EVERY_MS = 1000;
/**
 * Milliseconds after which one more statement is read from a server that stays busy: a run must come to its end, and
 * those that wait for its rows on the other side would give up.
 */
const LONGEST_PAUSE_MS = 300_000;
const LEAST_ROWS = 20;

export const UNTHROTTLED: SourceThrottle = {
  mostRows: Number.POSITIVE_INFINITY,
  ready: () => Promise.resolve(),
  took: () => {},
};

export function createSourceThrottle(
  { rowsPerSecond, threadsRunning: limit }: ThrottleLimits,
  longestPauseMs = LONGEST_PAUSE_MS,
): SourceThrottle {
  const budget = rowsPerSecond === null ? null : createRowBudget(rowsPerSecond, () => performance.now());
  let seen = { running: 0, at: Number.NEGATIVE_INFINITY };
  return {
    mostRows: rowsPerSecond === null ? Number.POSITIVE_INFINITY : Math.max(LEAST_ROWS, Math.floor(rowsPerSecond / 2)),
    took: (rows) => budget?.took(rows),
    ready: async (session, watch = {}) => {
      if (limit !== null) await untilQuiet(session, limit, watch);
      // Again, since others who read meanwhile have added to what is to be waited for.
      for (let ms = budget?.waitMs() ?? 0; ms > 0 && !isAborted(watch); ms = budget?.waitMs() ?? 0) {
        await pause(ms, watch);
      }
    },
  };

  async function untilQuiet(session: MysqlSession, most: number, watch: ThrottleWatch): Promise<void> {
    const began = performance.now();
    let isTold = false;
    while (!isAborted(watch) && (await threadsRunning(session)) > most) {
      if (performance.now() - began >= longestPauseMs) break;
      if (!isTold) watch.onPause?.({ threadsRunning: seen.running, limit: most });
      isTold = true;
      await pause(LOOK_EVERY_MS, watch);
    }
    if (isTold) watch.onResume?.({ waitedMs: Math.round(performance.now() - began) });
  }

  /** One look serves all who read. */
  async function threadsRunning(session: MysqlSession): Promise<number> {
    if (performance.now() - seen.at < LOOK_EVERY_MS) return seen.running;
    const [row] = await session.query(`SHOW GLOBAL STATUS LIKE 'Threads_running'`);
    seen = { running: Number(row?.['Value'] ?? 0), at: performance.now() };
    return seen.running;
  }
}

function isAborted({ signal }: ThrottleWatch): boolean {
  return signal?.aborted === true;
}

async function pause(ms: number, { signal }: ThrottleWatch): Promise<void> {
  try {
    await sleep(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    // The wish to stop ends the pause; the caller looks at its signal next.
    if (signal?.aborted !== true) throw error;
  }
}
