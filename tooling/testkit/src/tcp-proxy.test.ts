import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tcpProxy, type TcpProxy } from './tcp-proxy.ts';

let echo: Server;
let proxy: TcpProxy;

beforeEach(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const address = echo.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  proxy = await tcpProxy({ host: '127.0.0.1', port: address.port });
});

afterEach(async () => {
  await proxy.stop();
  echo.close();
});

async function open(): Promise<Socket> {
  const socket = connect(proxy.port, proxy.host);
  // Expected errors are awaited; those at the end of a test are of no interest.
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

async function say(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  return heard(socket);
}

async function heard(socket: Socket): Promise<string> {
  const [bytes]: unknown[] = await once(socket, 'data');
  return String(bytes);
}

test('passes bytes in both directions', async () => {
  const socket = await open();
  expect(await say(socket, 'hello')).toBe('hello');
  socket.end();
  await once(socket, 'close');
});

test('cut resets the open connections and lets new ones in', async () => {
  const socket = await open();
  expect(await say(socket, 'hello')).toBe('hello');
  const failed = once(socket, 'error');
  proxy.cut();
  expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
  expect(await say(await open(), 'again')).toBe('again');
});

test('cutAfter cuts in the middle of an answer', async () => {
  const socket = await open();
  const failed = once(socket, 'error');
  proxy.cutAfter(8);
  expect(await say(socket, 'hello')).toBe('hello');
  socket.write('world');
  expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
});

test('after acts when enough bytes have come from the client, once', async () => {
  const socket = await open();
  let times = 0;
  proxy.after('client', 8, () => (times += 1));
  expect(await say(socket, 'hello')).toBe('hello');
  expect(times).toBe(0);
  expect(await say(socket, 'world')).toBe('world');
  expect(await say(socket, 'and more')).toBe('and more');
  expect(times).toBe(1);
});

test('a cut from within after keeps the bytes from arriving', async () => {
  const socket = await open();
  const failed = once(socket, 'error');
  proxy.after('server', 1, () => proxy.cut());
  socket.on('data', () => expect.unreachable());
  socket.write('hello');
  expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
});

test('stall holds the bytes back until resume', async () => {
  const socket = await open();
  expect(await say(socket, 'hello')).toBe('hello');
  proxy.stall();
  let answer = '';
  socket.on('data', (bytes: Buffer) => {
    answer += bytes.toString();
  });
  socket.write('one ');
  const late = await open();
  late.write('two');
  await sleep(100);
  expect(answer).toBe('');
  await proxy.resume();
  expect(await heard(late)).toBe('two');
  await expect.poll(() => answer).toBe('one ');
});

test('refuse turns new connections away, keeps the open ones, and ends with resume', async () => {
  const socket = await open();
  proxy.refuse();
  await expect(open()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(await say(socket, 'hello')).toBe('hello');
  await proxy.resume();
  expect(await say(await open(), 'again')).toBe('again');
});
