import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Watched } from './watched.ts';

let watchdog: ChildProcess | undefined;

/**
 * Has something removed when this process ends, however it ends: the watchdog is a process of its own that notices
 * the end of a pipe. The returned function says that it is gone already.
 */
export function watch(watched: Watched): () => void {
  const id = randomUUID();
  tell({ watch: watched, id });
  return () => {
    tell({ release: id });
  };
}

function tell(message: object): void {
  watchdog ??= startWatchdog();
  watchdog.stdin?.write(`${JSON.stringify(message)}\n`);
}

function startWatchdog(): ChildProcess {
  const { NODE_OPTIONS: _preloads, NODE_V8_COVERAGE: _coverage, ...env } = process.env;
  const child = spawn(process.execPath, [fileURLToPath(new URL('watchdog.ts', import.meta.url))], {
    // A session of its own: Ctrl-C in the terminal reaches the parent only.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env,
  });
  child.on('error', (error) => {
    throw error;
  });
  // The pipe must not keep the parent alive; it is there to break when the parent ends.
  child.unref();
  const pipe: unknown = child.stdin;
  if (pipe && typeof pipe === 'object' && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
  return child;
}
