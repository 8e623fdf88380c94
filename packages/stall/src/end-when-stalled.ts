import type { Socket } from 'node:net';

/** A connection to a server, as this side sees it. */
export interface Watched {
  readonly socket: Socket;
  /** Whether an answer is awaited. An idle connection may be silent for as long as it likes. */
  isWaiting(): boolean;
  /**
   * Asks the server over another connection whether it is at work for this one. Rejects when the server cannot be
   * reached; must end by itself.
   */
  isServed(): Promise<boolean>;
}

/** Milliseconds without a byte before the server is asked, where nothing else is configured. */
export const USUAL_STALL_MS = 120_000;

/** Milliseconds that a server gets for its answer, or the stall time-out where that is shorter. */
export const USUAL_PATIENCE_MS = 10_000;

/**
 * Ends the connection when no byte has come or gone for a while, though an answer is awaited and the server does not say
 * that it is at work on it. Whoever waits gets the error of a network that timed out.
 *
 * TCP itself notices a machine that is gone (keepalive), and not one that is frozen, nor a firewall or proxy in between
 * that accepts everything and passes nothing on.
 */
export function endWhenStalled(watched: Watched, stallMs: number): void {
  const { socket } = watched;
  const check = async (): Promise<void> => {
    // A reader that is slower than the server holds it back: then silence is our own.
    if (!watched.isWaiting() || socket.isPaused()) return;
    const before = bytesMoved(socket);
    const served = await watched.isServed().catch(() => false);
    if (socket.destroyed || served || bytesMoved(socket) !== before) return;
    const silence = new Error(`no byte for ${stallMs} ms`);
    socket.destroy(Object.assign(silence, { code: 'ETIMEDOUT', syscall: 'read' }));
  };
  socket.setTimeout(stallMs);
  socket.on('timeout', () => {
    void check().finally(() => {
      // It has fired once and would not again before the next byte.
      if (!socket.destroyed) socket.setTimeout(stallMs);
    });
  });
}

function bytesMoved(socket: Socket): number {
  return socket.bytesRead + socket.bytesWritten - socket.writableLength;
}
