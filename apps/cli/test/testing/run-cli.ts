import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Node keeps compiled modules here: a process of the command begins in half the time. */
const COMPILE_CACHE = join(tmpdir(), 'tidemark-cli-compile-cache');

const BIN = fileURLToPath(new URL('../../bin/tidemark.ts', import.meta.url));

/** Of a terminal that nobody looks at. */
const SIZE = 'stty cols 120 rows 40';

export interface CliOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Folder with tables.yml. */
  readonly cwd: string;
  /** A file that stderr goes to. */
  readonly stderrTo?: string | undefined;
  /** Gives the command a terminal, by `script` of util-linux: all that it shows comes as stdout. */
  readonly inTerminal?: boolean;
}

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly process: ChildProcess;
  readonly ended: Promise<CliResult>;
}

/** Starts the real command as a process of its own; of this process's environment it gets only what Node needs. */
export function startCli(args: readonly string[], { env, cwd, stderrTo, inTerminal }: CliOptions): RunningCli {
  const { PATH = '', HOME = '' } = process.env;
  const command = [process.execPath, '--', BIN, ...args];
  const [file = '', ...rest] = inTerminal
    ? ['script', '-qefc', `${SIZE}; exec ${inShell(command)}`, '/dev/null']
    : command;
  const child = spawn(file, rest, {
    cwd,
    env: { PATH, HOME, NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', stderrTo === undefined ? 'pipe' : openSync(stderrTo, 'w')],
  });
  const code = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  const read = (stream: Readable | null): Promise<string> | string => (stream ? text(stream) : '');
  const ended = Promise.all([code, read(child.stdout), read(child.stderr)]);
  return { process: child, ended: ended.then(([exit, stdout, stderr]) => ({ code: exit, stdout, stderr })) };
}

function inShell(command: readonly string[]): string {
  return command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return startCli(args, options).ended;
}

/** Waits until a process has come to the fault point that writes this file. */
export async function untilReached({ process: child }: RunningCli, mark: string): Promise<void> {
  while (!existsSync(mark)) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('The process ended before the point.');
    await sleep(20);
  }
}
