import { setTimeout as sleep } from 'node:timers/promises';

/** How long a server may take to obey before it is killed. */
const OBEY_MS = 5_000;
/** How long a killed process may stay in the process table: for ever, as a zombie, where nobody reaps orphans. */
const VANISH_MS = 2_000;
const POLL_MS = 20;

/** Ends a process that need not be a child of this one, and waits until it is gone. */
export async function endProcess(pid: number, signal: NodeJS.Signals): Promise<void> {
  if (!send(pid, signal) || (await isGoneWithin(pid, OBEY_MS))) return;
  send(pid, 'SIGKILL');
  await isGoneWithin(pid, VANISH_MS);
}

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  return send(pid, 0);
}

async function isGoneWithin(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
