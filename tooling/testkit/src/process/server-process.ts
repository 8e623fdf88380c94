import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { childrenOf } from './children-of.ts';
import { endProcess, signalProcess } from './end-process.ts';
import { watch } from './watch.ts';

/** The account under which a server runs when that is not the account of this process. */
export interface ProcessOwner {
  readonly uid: number;
  readonly gid: number;
}

export interface ServerCommand {
  readonly binary: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where stdout and stderr go; shown when the server does not start. */
  readonly logFile: string;
  readonly owner?: ProcessOwner | undefined;
  /** Asks the server to end in order, and as quickly as that allows. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
  /** Ends it without ado when nobody needs its data any more. */
  readonly abandonSignal: 'SIGKILL' | 'SIGQUIT';
}

export interface ServerProcess {
  readonly hasEnded: () => boolean;
  /** Ends it. Its files are about to be removed, so it need not tidy up. */
  abandon(): Promise<void>;
  stop(): Promise<void>;
  /** Kills it with its children: those of PostgreSQL would finish what they are doing, and commit it. */
  kill(): Promise<void>;
}

/** Lines of a server's log that are worth showing. */
const LOG_LINES = 25;

/** Starts a server that ends with this process at the latest. Does not wait until it answers. */
export async function runServerProcess(command: ServerCommand): Promise<ServerProcess> {
  const log = await open(command.logFile, 'a');
  const server = spawn(command.binary, command.args, {
    // A group of its own: Ctrl-C in the terminal ends the tests, and the tests end the server.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: { ...process.env, ...command.env },
    ...command.owner,
  });
  const ended = once(server, 'exit');
  // Without a listener a missing binary would end this process; `spawn` below reports it.
  ended.catch(() => {});
  try {
    await once(server, 'spawn');
  } finally {
    await log.close();
  }
  const { pid } = server;
  if (pid === undefined) throw new Error(`${command.binary} has no process id.`);
  server.unref();
  const release = watch({ kind: 'process', pid, signal: command.abandonSignal });
  const hasEnded = (): boolean => server.exitCode !== null || server.signalCode !== null;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!hasEnded()) await endProcess(pid, signal);
    release();
  };
  return {
    hasEnded,
    abandon: () => end(command.abandonSignal),
    stop: () => end(command.stopSignal),
    kill: async () => {
      const children = hasEnded() ? [] : await holdAndListChildren(pid);
      await end('SIGKILL');
      await Promise.all(children.map((child) => endProcess(child, 'SIGKILL')));
    },
  };
}

/** Holds a process, so that it starts no further children, and lists those it has. */
async function holdAndListChildren(pid: number): Promise<number[]> {
  return signalProcess(pid, 'SIGSTOP') ? childrenOf(pid) : [];
}

/** The last lines of a server's log. */
export async function logTail(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n');
  return lines.slice(-LOG_LINES).join('\n');
}
