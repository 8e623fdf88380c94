import { once } from 'node:events';
import { connect, createServer } from 'node:net';

import type { DatabaseEndpoint } from '@tidemark/testkit';

const LOOPBACK = '127.0.0.1';

/** The way to a server, on which the statements that a program sends are counted. Without TLS only. */
export interface StatementTap extends AsyncDisposable {
  readonly port: number;
  /** Statements since the last call. */
  taken(): number;
}

/** Number of statements in a client's bytes; keeps what is not whole yet in `rest`. */
type Counter = (bytes: Buffer) => number;

const COM_QUERY = 0x03;
const COM_STMT_EXECUTE = 0x17;

/** Every packet of MySQL's protocol says its length; a command is the first of an exchange. */
function mysqlCounter(): Counter {
  let rest = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    let statements = 0;
    while (rest.length >= 4 && rest.length >= 4 + rest.readUIntLE(0, 3)) {
      const command = rest[4];
      if (rest[3] === 0 && (command === COM_QUERY || command === COM_STMT_EXECUTE)) statements += 1;
      rest = rest.subarray(4 + rest.readUIntLE(0, 3));
    }
    return statements;
  };
}

/** After a first message without a type, each message of PostgreSQL's has one: `Q` and `E` run a statement. */
function postgresCounter(): Counter {
  let rest = Buffer.alloc(0);
  let isOpen = false;
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    let statements = 0;
    for (;;) {
      const head = isOpen ? 1 : 0;
      if (rest.length < head + 4 || rest.length < head + rest.readUInt32BE(head)) return statements;
      const type = isOpen ? String.fromCodePoint(rest[0] ?? 0) : '';
      if (type === 'Q' || type === 'E') statements += 1;
      rest = rest.subarray(head + rest.readUInt32BE(head));
      isOpen = true;
    }
  };
}

export async function tapStatements(
  { host, port }: Pick<DatabaseEndpoint, 'host' | 'port'>,
  kind: 'mysql' | 'postgres',
): Promise<StatementTap> {
  let statements = 0;
  const server = createServer((client) => {
    const target = connect(port, host);
    const count = kind === 'mysql' ? mysqlCounter() : postgresCounter();
    client.on('data', (bytes: Buffer) => (statements += count(bytes)));
    client.pipe(target).pipe(client);
    for (const socket of [client, target]) {
      socket.on('error', () => {
        client.destroy();
        target.destroy();
      });
    }
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The tap has no port.');
  return {
    port: address.port,
    taken: () => {
      const taken = statements;
      statements = 0;
      return taken;
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
