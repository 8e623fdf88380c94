import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { ProcessOwner } from './server-process.ts';

export interface ProgramSurroundings {
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly owner?: ProcessOwner | undefined;
  /** What the program reads from stdin. Nothing when unset. */
  readonly input?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly cwd?: string | undefined;
}

const DEFAULT_TIMEOUT_MS = 120_000;

/** Runs a program to its end and returns what it printed on stdout. Fails with its output when it fails. */
export async function runProgram(
  binary: string,
  args: readonly string[],
  surroundings: ProgramSurroundings = {},
): Promise<string> {
  const child = spawn(binary, args, {
    env: { ...process.env, ...surroundings.env },
    timeout: surroundings.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    ...(surroundings.cwd === undefined ? {} : { cwd: surroundings.cwd }),
    ...surroundings.owner,
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  child.on('error', reject);
  child.on('close', (code, signal) => {
    resolve(signal ?? String(code));
  });
  // A program that ends without reading all of its input says why with its exit code.
  child.stdin.on('error', () => {});
  child.stdin.end(surroundings.input ?? '');
  const [outcome, stdout, stderr] = await Promise.all([promise, text(child.stdout), text(child.stderr)]);
  if (outcome !== '0') throw new Error(`${binary} ended with ${outcome}.\n${stdout}${stderr}`.trimEnd());
  return stdout;
}
