import { Client, TypeOverrides, types } from 'pg';
import type { PostgresServer } from '../server.ts';
import { newDatabaseName } from './database-name.ts';
import type { DatabaseEndpoint, TestDatabase } from './mysql-database.ts';

const { DATE, TIMESTAMP, TIMESTAMPTZ } = types.builtins;

/** Creates an empty database. All statements run on one connection, so session settings stay. */
export async function createPostgresDatabase(server: PostgresServer, prefix?: string): Promise<TestDatabase> {
  const { host, port, user, password } = server;
  const endpoint = { host, port, user, password, database: newDatabaseName(prefix) };
  await asAdministrator(server, `CREATE DATABASE "${endpoint.database}"`);
  let current: Promise<Client> | undefined;
  const session = (): Promise<Client> => {
    current ??= connect(endpoint, () => {
      current = undefined;
    });
    return current;
  };
  return {
    endpoint,
    query: async <R extends object>(sql: string, params: readonly unknown[] = []) => {
      const result = await (await session()).query<R>(sql, [...params]);
      return result.rows;
    },
    exec: async (sql) => {
      await (await session()).query(sql);
    },
    [Symbol.asyncDispose]: async () => {
      if (current) await (await current).end();
      await asAdministrator(server, `DROP DATABASE IF EXISTS "${endpoint.database}" WITH (FORCE)`);
    },
  };
}

async function connect(endpoint: DatabaseEndpoint, lost: () => void): Promise<Client> {
  const overrides = new TypeOverrides();
  // A JavaScript Date loses microseconds and adds a time zone.
  for (const type of [DATE, TIMESTAMP, TIMESTAMPTZ]) overrides.setTypeParser(type, String);
  const client = new Client({ ...endpoint, types: overrides });
  client.on('error', lost);
  client.on('end', lost);
  try {
    await client.connect();
  } catch (error) {
    lost();
    throw error;
  }
  return client;
}

async function asAdministrator(server: PostgresServer, sql: string): Promise<void> {
  const { host, port, user, password } = server;
  const client = new Client({ host, port, user, password, database: 'postgres' });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
