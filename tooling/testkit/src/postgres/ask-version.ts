import { Client } from 'pg';
import type { ServerAddress } from '../server.ts';

const CONNECT_TIMEOUT_MS = 5_000;

/** The server's version, once it answers. */
export async function askPostgresVersion(address: ServerAddress): Promise<string> {
  const { host, port, user, password } = address;
  const client = new Client({
    host,
    port,
    user,
    password,
    database: 'postgres',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // A server that is shutting down ends the connection while nobody waits for a result.
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return `PostgreSQL ${rows[0]?.server_version}`;
  } finally {
    await client.end();
  }
}
