import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a server may take to obey before it is killed. */
const OBEY_MS = 5_000;
/** How long a killed process may take to be gone: it waits for the disk, not for its own code. */
const VANISH_MS = 30_000;
const POLL_MS = 20;

/** Ends a process that need not be a child of this one, and waits until it is gone. */
export async function endProcess(pid: number, signal: NodeJS.Signals): Promise<void> {
  if (!signalProcess(pid, signal) || (await isGoneWithin(pid, OBEY_MS))) return;
  signalProcess(pid, 'SIGKILL');
  await isGoneWithin(pid, VANISH_MS);
}

async function isGoneWithin(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (signalProcess(pid, 0) && !isZombie(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** Ended, but nobody has asked how. Where nobody reaps orphans it stays so for ever. */
function isZombie(pid: number): boolean {
  const status = `/proc/${pid}/stat`;
  try {
    return existsSync(status) && /\) Z /.test(readFileSync(status, 'utf8'));
  } catch (error) {
    // Reaped between the two calls.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return true;
    throw error;
  }
}

/** Sends a signal. False when there is no such process. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
