import type { Socket } from 'node:net';

import { endWhenStalled, USUAL_PATIENCE_MS, type Watched } from '@tidemark/stall';

/** All connections of one pool: each is ended when it stands still, and none outlives the pool. */
export class OpenConnections {
  readonly #sockets = new Set<Socket>();
  readonly #stallMs: number;
  /** Milliseconds that a server gets to say whether it is at work for a connection. */
  readonly patienceMs: number;

  constructor(stallMs: number) {
    this.#stallMs = stallMs;
    this.patienceMs = Math.min(stallMs, USUAL_PATIENCE_MS);
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
