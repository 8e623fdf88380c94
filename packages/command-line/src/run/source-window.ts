import type { TimeWindow } from '@tidemark/config';

const MINUTES_OF_A_DAY = 24 * 60;

/** Whether the source may be read now, and a signal for the moment from which it may not. */
export interface SourceWindow extends Disposable {
  readonly signal: AbortSignal;
  /** Goes by what the source's clock says now: it may have been put forward or back. What is closed stays closed. */
  follow(wall: string): void;
  /** In words; null while the window is open. */
  whyClosed(): string | null;
}

/**
 * Watches the time window of tables.yml (promise P9).
 *
 * @param window null: the source may be read at any time
 * @param wall the source's wall clock now, `YYYY-MM-DD HH:MM:SS[.ffffff]`
 */
export function watchSourceWindow(window: TimeWindow | null, wall: string): SourceWindow {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  follow(wall);
  return {
    signal: controller.signal,
    follow,
    whyClosed: () =>
      window && controller.signal.aborted
        ? `the source may be read from ${spanOf(window)} only, by its own clock`
        : null,
    [Symbol.dispose]: () => {
      if (timer) clearTimeout(timer);
    },
  };

  function follow(now: string): void {
    if (!window || controller.signal.aborted) return;
    if (timer) clearTimeout(timer);
    const minutes = minutesUntilClose(window, minuteOfDay(now));
    if (minutes <= 0) controller.abort();
    else timer = setTimeout(() => controller.abort(), minutes * 60_000).unref();
  }
}

/** 0 while the window is closed. Both in minutes after midnight; a window may go over midnight. */
export function minutesUntilClose({ from, until }: TimeWindow, now: number): number {
  const length = (until - from + MINUTES_OF_A_DAY) % MINUTES_OF_A_DAY;
  const since = (now - from + MINUTES_OF_A_DAY) % MINUTES_OF_A_DAY;
  return Math.max(0, length - since);
}

export function minuteOfDay(wall: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = wall.slice(11, 19).split(':').map(Number);
  return hours * 60 + minutes + seconds / 60;
}

function spanOf({ from, until }: TimeWindow): string {
  return [from, until].map((minute) => `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`).join(' to ');
}

function pad(part: number): string {
  return String(part).padStart(2, '0');
}
