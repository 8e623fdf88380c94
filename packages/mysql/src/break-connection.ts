import type { Socket } from 'node:net';

import type { Connection } from 'mysql2';

/** The TCP or TLS socket under a connection. */
export function socketOf(connection: Connection): Socket {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- mysql2 does not type the socket of a connection
  return (connection as unknown as { readonly stream: Socket }).stream;
}

/** Whether an answer of the server is awaited. */
export function isAwaiting(connection: Connection): boolean {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- mysql2 does not type the command under way
  return Boolean((connection as unknown as { readonly _command: unknown })._command);
}

/**
 * Ends a connection at once, whatever it is doing. The statement under way and those behind it fail.
 *
 * mysql2's own `destroy` only says goodbye: a connection that is paused, or in the middle of a result, stays open on both
 * sides, and nobody who waits for it is told.
 */
export function breakConnection(connection: Connection): void {
  socketOf(connection).destroy();
}
