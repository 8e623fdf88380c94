import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { endWhenStalled, type Watched } from './end-when-stalled.ts';

const STALL_MS = 60;

let server: Server;
let far: Socket;
let near: Socket;

beforeEach(async () => {
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  const accepted = once(server, 'connection');
  near = connect(address.port, '127.0.0.1');
  [far] = await accepted;
  far.on('error', () => {});
  near.on('data', () => {});
});

afterEach(() => {
  near.destroy();
  far.destroy();
  server.close();
});

/** The connection under watch; the error it is ended with. */
function watch(watched: Partial<Omit<Watched, 'socket'>> = {}, stallMs = STALL_MS): Promise<unknown> {
  endWhenStalled({ socket: near, isWaiting: () => true, isServed: async () => false, ...watched }, stallMs);
  return new Promise((resolve) => near.once('error', resolve));
}

it('ends a connection that is silent though an answer is awaited', async () => {
  expect(await watch()).toMatchObject({ code: 'ETIMEDOUT', syscall: 'read' });
});

it('ends one whose server cannot be asked', async () => {
  expect(await watch({ isServed: () => Promise.reject(new Error('unreachable')) })).toMatchObject({
    code: 'ETIMEDOUT',
  });
});

it('asks again and again while the server says that it is at work, and ends when it no longer does', async () => {
  const answers = [true, true, false];
  const isServed = vi.fn(async () => answers.shift() ?? false);
  await watch({ isServed });
  expect(isServed).toHaveBeenCalledTimes(3);
});

it('leaves an idle connection alone, and sees when it waits again', async () => {
  let isWaiting = false;
  const isServed = vi.fn(async () => false);
  const ended = watch({ isWaiting: () => isWaiting, isServed });
  await sleep(4 * STALL_MS);
  expect([isServed.mock.calls.length, near.destroyed]).toEqual([0, false]);
  isWaiting = true;
  expect(await ended).toMatchObject({ code: 'ETIMEDOUT' });
});

it('leaves a connection alone that this side holds back', async () => {
  const isServed = vi.fn(async () => false);
  const ended = watch({ isServed });
  near.pause();
  far.write('more than the other side wants now');
  await sleep(4 * STALL_MS);
  expect([isServed.mock.calls.length, near.destroyed]).toEqual([0, false]);
  near.resume();
  await ended;
});

it('lives as long as bytes come, however slowly', async () => {
  const isServed = vi.fn(async () => false);
  void watch({ isServed }, 600);
  for (let times = 0; times < 20; times += 1) {
    far.write('.');
    await sleep(40);
  }
  expect([isServed.mock.calls.length, near.destroyed]).toEqual([0, false]);
});

it('takes a byte that came while the server was asked for an answer', async () => {
  const isServed = vi.fn(async () => {
    far.write('.');
    await once(near, 'data');
    return false;
  });
  void watch({ isServed });
  await vi.waitFor(() => expect(isServed).toHaveBeenCalledTimes(2));
  expect(near.destroyed).toBe(false);
});
