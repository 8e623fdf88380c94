import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import type { MysqlServer, ServerAddress } from '../server.ts';
import { newDatabaseName } from './database-name.ts';

export interface DatabaseEndpoint extends ServerAddress {
  readonly database: string;
}

export type Row = Record<string, unknown>;

/** A database of one test. It is dropped at disposal, with whoever is still connected to it. */
export interface TestDatabase extends AsyncDisposable {
  readonly endpoint: DatabaseEndpoint;
  /** Runs one statement. Times, decimals and big integers come as text. */
  query<R extends object = Row>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /** Runs one or more statements separated by semicolons. */
  exec(sql: string): Promise<void>;
}

/** Creates an empty database. All statements run on one connection, so session settings stay. */
export async function createMysqlDatabase(server: MysqlServer, prefix?: string): Promise<TestDatabase> {
  const { host, port, user, password } = server;
  const endpoint = { host, port, user, password, database: newDatabaseName(prefix) };
  await asAdministrator(server, (admin) => admin.query('CREATE DATABASE ??', [endpoint.database]));
  const session = lazySession(() => connect(endpoint));
  return {
    endpoint,
    query: <R extends object>(sql: string, params: readonly unknown[] = []) =>
      session.use(async (connection) => {
        const [rows] = await connection.query<(R & RowDataPacket)[]>(sql, [...params]);
        // An INSERT or UPDATE answers with one object instead of rows.
        return Array.isArray(rows) ? rows : [];
      }),
    exec: async (sql) => {
      await session.use((connection) => connection.query(sql));
    },
    [Symbol.asyncDispose]: async () => {
      session.drop();
      await asAdministrator(server, (admin) => dropDatabase(admin, endpoint.database));
    },
  };
}

function connect(address: ServerAddress & { readonly database?: string }): Promise<Connection> {
  const { host, port, user, password, database } = address;
  return createConnection({
    host,
    port,
    user,
    password,
    ...(database === undefined ? {} : { database }),
    multipleStatements: true,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    charset: 'utf8mb4',
    // The flag would put IGNORE_SPACE into each session's sql_mode.
    flags: ['-IGNORE_SPACE'],
  });
}

interface LazySession {
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  drop(): void;
}

/** One connection, made when first needed and again after it was lost. */
function lazySession(open: () => Promise<Connection>): LazySession {
  let current: Promise<Connection> | undefined;
  const drop = (): void => {
    current?.then(
      (connection) => {
        connection.destroy();
      },
      // It was never opened, as whoever waited for it has been told.
      () => {},
    );
    current = undefined;
  };
  const openWatched = async (): Promise<Connection> => {
    const connection = await open();
    // A connection lost while nobody waits for an answer says so here; otherwise the statement fails.
    connection.on('error', drop);
    return connection;
  };
  return {
    use: async (work) => {
      current ??= openWatched();
      try {
        return await work(await current);
      } catch (error) {
        if (error instanceof Error && 'fatal' in error && error.fatal) drop();
        throw error;
      }
    },
    drop,
  };
}

async function asAdministrator<T>(server: MysqlServer, work: (admin: Connection) => Promise<T>): Promise<T> {
  const admin = await connect({ host: server.host, port: server.port, user: server.user, password: server.password });
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** A transaction left open holds metadata locks, which DROP DATABASE would wait for: its connection is ended first. */
async function dropDatabase(admin: Connection, database: string): Promise<void> {
  const [rows] = await admin.query<({ id: string } & RowDataPacket)[]>(
    'SELECT id AS id FROM information_schema.processlist WHERE db = ?',
    [database],
  );
  for (const { id } of rows) await endConnection(admin, id);
  await admin.query('DROP DATABASE IF EXISTS ??', [database]);
}

async function endConnection(admin: Connection, id: string): Promise<void> {
  try {
    await admin.query('KILL ?', [Number(id)]);
  } catch (error) {
    // The connection ended by itself in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'ER_NO_SUCH_THREAD')) throw error;
  }
}
