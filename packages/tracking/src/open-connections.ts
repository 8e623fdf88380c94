import type { Socket } from 'node:net';

import { endWhenStalled, type Watched } from '@tidemark/stall';

/** All connections of one pool: each is ended when it stands still, and none outlives the pool. */
export class OpenConnections {
  readonly #sockets = new Set<Socket>();
  readonly #stallMs: number;

  constructor(stallMs: number) {
    this.#stallMs = stallMs;
  }

  add(watched: Watched): void {
    const { socket } = watched;
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    endWhenStalled(watched, this.#stallMs);
  }

  /** Ends what is open still. A connection that said goodbye to nobody would keep the process alive. */
  endAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
