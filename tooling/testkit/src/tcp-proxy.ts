import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { ServerAddress } from './server.ts';

const LOOPBACK = '127.0.0.1';

/** A network between a program and a server that can be disturbed. */
export interface TcpProxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Breaks all connections at once, as a network does: with a reset, not a goodbye. New ones work. */
  cut(): void;
  /** Does the same once the server has sent so many further bytes: in the middle of a result. */
  cutAfter(bytesFromServer: number): void;
  /**
   * Calls `act` once, when so many further bytes have come from one side, over all connections together. `cut` from
   * within it keeps the last of them from arriving; a later call replaces what was waiting.
   */
  after(from: ProxySide, bytes: number, act: () => void): void;
  /** Lets no byte pass in either direction. Connections stay open, and new ones are accepted. */
  stall(): void;
  /** Turns new connections away. The open ones live on. */
  refuse(): void;
  /** Ends `stall` and `refuse`. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

export type ProxySide = 'client' | 'server';

interface Trigger {
  readonly from: ProxySide;
  /** Bytes until then. */
  bytes: number;
  readonly act: () => void;
}

interface Link {
  readonly client: Socket;
  readonly target: Socket;
}

/** Starts a proxy in front of a server, on a free port of this machine. */
export async function tcpProxy(target: Pick<ServerAddress, 'host' | 'port'>): Promise<TcpProxy> {
  const links = new Set<Link>();
  let isStalled = false;
  let trigger: Trigger | null = null;
  const cut = (): void => {
    for (const { client, target: upstream } of links) {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    }
  };
  const count = (from: ProxySide, bytes: Buffer): void => {
    if (trigger?.from !== from) return;
    trigger.bytes -= bytes.length;
    if (trigger.bytes > 0) return;
    const { act } = trigger;
    trigger = null;
    act();
  };
  const after: TcpProxy['after'] = (from, bytes, act) => {
    trigger = { from, bytes, act };
  };
  const accept = (client: Socket): void => {
    const link = { client, target: connect({ ...target, allowHalfOpen: true }) };
    links.add(link);
    link.target.on('data', (bytes) => count('server', bytes));
    client.on('data', (bytes) => count('client', bytes));
    closeTogether(link, () => links.delete(link));
    if (isStalled) pause(link);
    else flow(link);
  };

  let server = await listen(accept, 0);
  const { port } = addressOf(server);
  return {
    host: LOOPBACK,
    port,
    cut,
    cutAfter: (bytesFromServer) => after('server', bytesFromServer, cut),
    after,
    stall: () => {
      isStalled = true;
      for (const link of links) pause(link);
    },
    refuse: () => {
      // A closed server stops listening at once; its event waits for the open connections, which live on.
      if (server.listening) server.close();
    },
    resume: async () => {
      if (!server.listening) server = await listen(accept, port);
      if (isStalled) for (const link of links) flow(link);
      isStalled = false;
    },
    stop: () => stop(server, cut),
    [Symbol.asyncDispose]: () => stop(server, cut),
  };
}

async function stop(server: Server, cut: () => void): Promise<void> {
  cut();
  if (!server.listening) return;
  server.close();
  await once(server, 'close');
}

async function listen(accept: (client: Socket) => void, port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, accept);
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  return server;
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('The proxy listens on no port.');
  return address;
}

function flow({ client, target }: Link): void {
  client.pipe(target);
  target.pipe(client);
}

function pause({ client, target }: Link): void {
  client.unpipe(target).pause();
  target.unpipe(client).pause();
}

function closeTogether({ client, target }: Link, closed: () => void): void {
  // Errors are what this is for; the sockets' close events do the rest.
  client.on('error', () => {});
  target.on('error', () => {});
  client.on('close', () => {
    target.destroy();
    closed();
  });
  target.on('close', () => {
    client.destroy();
  });
}
