import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Pipeline } from './pipeline.ts';

const POLL_MS = 20;

/** Node keeps compiled modules here: a process of the command begins in half the time. */
const COMPILE_CACHE = join(tmpdir(), 'tidemark-proof-compile-cache');

/** How a process of the command ended: by itself with a code, or by a signal. */
export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly process: ChildProcess;
  readonly ended: Promise<CommandEnd>;
  /** What it has said on stderr so far. */
  said(): string;
}

/** A real command as a process of its own, in a folder with a tables.yml, before a pipeline's databases. */
export interface Command extends Disposable {
  readonly folder: string;
  start(args: readonly string[], environment?: Readonly<Record<string, string>>): RunningCommand;
  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<CommandEnd>;
}

export const PROGRAMS = {
  tidemark: 'tidemark/bin/tidemark.ts',
  backfill: 'tidemark-backfill/bin/tidemark-backfill.ts',
} as const;

/** @param name which command; `tidemark` where not given */
export function openCommand(
  pipeline: Pick<Pipeline, 'environment'>,
  tablesYml: string,
  name: keyof typeof PROGRAMS = 'tidemark',
): Command {
  const program = createRequire(import.meta.url).resolve(PROGRAMS[name]);
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-proof-'));
  writeFileSync(join(folder, 'tables.yml'), tablesYml);
  const connections = withEmptyPasswords(pipeline.environment, folder);
  const start: Command['start'] = (args, environment = {}) => {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [program, ...args], {
      cwd: folder,
      env: { PATH, HOME, NODE_COMPILE_CACHE: COMPILE_CACHE, ...connections, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (more: string) => (said += more));
    return { process: child, ended: endOf(child, child.stdout, () => said), said: () => said };
  };
  return {
    folder,
    start,
    run: (args, environment) => start(args, environment).ended,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** An empty variable counts as not set; an empty file says that there is no password. */
function withEmptyPasswords(environment: Pipeline['environment'], folder: string): Record<string, string> {
  const file = join(folder, 'no-password');
  writeFileSync(file, '');
  const entries = Object.entries(environment).map(([name, value]) =>
    value === '' && name.endsWith('_PASSWORD') ? [`${name}_FILE`, file] : [name, value],
  );
  return Object.fromEntries(entries);
}

async function endOf(child: ChildProcess, stdout: NodeJS.ReadableStream, said: () => string): Promise<CommandEnd> {
  const closed = new Promise<Pick<CommandEnd, 'code' | 'signal'>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const [ended, out] = await Promise.all([closed, text(stdout)]);
  return { ...ended, stdout: out, stderr: said() };
}

/** Waits until a process has come to the point that was armed with this file. */
export async function untilReached({ process: child }: RunningCommand, mark: string): Promise<void> {
  while (!existsSync(mark)) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('The process ended before the point.');
    await sleep(POLL_MS);
  }
}
