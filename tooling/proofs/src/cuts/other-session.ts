import type { DatabaseEndpoint } from '@tidemark/testkit';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';

/** A connection of somebody else, who holds locks. Disposal ends it and with it the locks. */
export interface OtherSession extends AsyncDisposable {
  query(sql: string): Promise<unknown>;
}

export async function mysqlSession(endpoint: DatabaseEndpoint): Promise<OtherSession> {
  const connection = await createConnection({ ...endpoint, multipleStatements: true });
  return { query: (sql) => connection.query(sql), [Symbol.asyncDispose]: () => connection.end() };
}

export async function postgresSession(endpoint: DatabaseEndpoint): Promise<OtherSession> {
  const client = new Client({ ...endpoint });
  client.on('error', () => {});
  await client.connect();
  return { query: (sql) => client.query(sql), [Symbol.asyncDispose]: () => client.end() };
}
