import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, type TestContext } from 'vitest';
import { containerEngine } from '../containers/container-engine.ts';
import { ensureImage } from '../containers/ensure-image.ts';
import { RungUnavailable } from '../ladder/rung-unavailable.ts';
import { findMysqld } from '../mysql/find-mysqld.ts';
import { CONTAINER_LABEL } from './watched.ts';

const HOLD_SERVER = fileURLToPath(new URL('../../test/hold-server.ts', import.meta.url));

let temp = '';

beforeEach(async () => {
  temp = await mkdtemp(join(tmpdir(), 'tidemark-watchdog-'));
  // PostgreSQL runs under another account when the tests run as root.
  await chmod(temp, 0o755);
});

afterEach(async () => {
  await rm(temp, { recursive: true, force: true });
});

interface Ending {
  readonly how: string;
  /** What the program does once its server runs. */
  readonly act: 'return' | 'throw' | 'wait';
  readonly signal?: NodeJS.Signals;
  readonly exit: readonly [code: number | null, signal: string | null];
}

const KILLED: Ending = { how: 'SIGKILL', act: 'wait', signal: 'SIGKILL', exit: [null, 'SIGKILL'] };

const ENDINGS: readonly Ending[] = [
  { how: 'coming to its end', act: 'return', exit: [0, null] },
  { how: 'an exception', act: 'throw', exit: [1, null] },
  { how: 'SIGINT', act: 'wait', signal: 'SIGINT', exit: [null, 'SIGINT'] },
  { how: 'SIGTERM', act: 'wait', signal: 'SIGTERM', exit: [null, 'SIGTERM'] },
  KILLED,
];

/** Has a child process start a server and end without stopping it. Returns the server's port. */
async function abandonServer(rung: string, kind: string, ending: Ending): Promise<number> {
  const child = spawn(process.execPath, [HOLD_SERVER, kind, ending.act], {
    env: { ...process.env, TIDEMARK_SERVERS: rung, TMPDIR: temp },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [line]: unknown[] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
  const port = Number(line);
  if (ending.signal) child.kill(ending.signal);
  await expect(ended).resolves.toEqual(ending.exit);
  return port;
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.on('connect', () => {
    resolve(true);
  });
  socket.on('error', () => {
    resolve(false);
  });
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}

async function skipUnlessAvailable(context: TestContext, probe: () => Promise<unknown>): Promise<void> {
  try {
    await probe();
  } catch (error) {
    if (!(error instanceof RungUnavailable)) throw error;
    context.skip(error.message);
  }
}

const SOON = { timeout: 20_000, interval: 50 };

describe.each(ENDINGS)('after a program ended by $how', (ending) => {
  test('no MySQL server and no folder is left', async (context) => {
    await skipUnlessAvailable(context, () => findMysqld(undefined));
    const port = await abandonServer('local', 'mysql', ending);
    await expect.poll(() => isListening(port), SOON).toBe(false);
    await expect.poll(() => readdir(temp), SOON).toEqual([]);
  });
});

test('after a program ended by SIGKILL no PostgreSQL server and no folder is left', async () => {
  const port = await abandonServer('local', 'postgres', KILLED);
  await expect.poll(() => isListening(port), SOON).toBe(false);
  await expect.poll(() => readdir(temp), SOON).toEqual([]);
});

test('after a program ended by SIGKILL no container is left', async (context) => {
  await skipUnlessAvailable(context, async () => ensureImage((await containerEngine()).client, 'postgres:17'));
  const { dockerode } = (await containerEngine()).client.container;
  const containersOn = async (port: number): Promise<number> => {
    const containers = await dockerode.listContainers({ all: true, filters: { label: [CONTAINER_LABEL] } });
    return containers.filter(({ Ports }) => Ports.some(({ PublicPort }) => PublicPort === port)).length;
  };
  const port = await abandonServer('container', 'postgres', KILLED);
  await expect.poll(() => containersOn(port), SOON).toBe(0);
  await expect.poll(() => isListening(port), SOON).toBe(false);
});
