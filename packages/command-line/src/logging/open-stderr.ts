import type { createLogUpdate } from 'log-update';

/** stderr, with room below the log lines for a display that changes. */
export interface Stderr {
  /** Whether `show` shows anything: only on a terminal. */
  readonly live: boolean;
  readonly colors: boolean;
  /** Whole lines, above the display. */
  write(lines: string): void;
  /** Replaces the display. */
  show(text: string): void;
  /** Removes the display. */
  clear(): void;
}

type Display = ReturnType<typeof createLogUpdate>;

/** @param live whether a display is wanted where there is a terminal */
export async function openStderr(live: boolean): Promise<Stderr> {
  const stream = process.stderr;
  const colors = stream.isTTY && stream.hasColors() && !process.env['NO_COLOR'];
  if (!live || !stream.isTTY) {
    return { live: false, colors, write: (lines) => void stream.write(lines), show: () => {}, clear: () => {} };
  }
  const { createLogUpdate } = await import('log-update');
  return { colors, ...withDisplay(createLogUpdate(stream), stream) };
}

function withDisplay(display: Display, stream: NodeJS.WriteStream): Omit<Stderr, 'colors'> {
  let shown = '';
  return {
    live: true,
    write: (lines) => {
      display.clear();
      stream.write(lines);
      if (shown !== '') display(shown);
    },
    show: (text) => {
      shown = text;
      display(text);
    },
    clear: () => {
      shown = '';
      display.clear();
      display.done();
    },
  };
}
