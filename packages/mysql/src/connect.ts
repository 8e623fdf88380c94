import { classifyDriverError } from '@tidemark/errors';
import { createConnection, type Connection, type ConnectionOptions, type SslOptions } from 'mysql2';

import { breakConnection } from './break-connection.ts';
import { countStatements } from './count-statements.ts';
import { lacksTransportSecurity, transportAttempts } from './transport-security.ts';
import type { MysqlEndpoint } from './types.ts';

export interface ConnectOptions {
  /** Which of the databases, for messages. */
  readonly where: string;
  readonly connectTimeoutMs?: number;
}

/** Opens a connection, encrypted as the endpoint asks for. */
export async function connect(endpoint: MysqlEndpoint, options: ConnectOptions): Promise<Connection> {
  const [first, fallback] = transportAttempts(endpoint, options.where);
  try {
    return await attempt(connectionOptions(endpoint, options, first?.ssl));
  } catch (error) {
    if (!fallback || !lacksTransportSecurity(error)) throw classifyDriverError(error, options.where);
  }
  try {
    return await attempt(connectionOptions(endpoint, options, fallback.ssl));
  } catch (error) {
    throw classifyDriverError(error, options.where);
  }
}

function attempt(options: ConnectionOptions): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const connection = createConnection(options);
    countStatements(connection);
    // For its whole life: a connection lost while idle shows at the next statement, and one that was refused may say so
    // twice. Without a listener either would end the process.
    connection.on('error', () => {});
    connection.connect((error) => {
      if (!error) {
        resolve(connection);
        return;
      }
      breakConnection(connection);
      reject(error);
    });
  });
}

function connectionOptions(
  endpoint: MysqlEndpoint,
  options: ConnectOptions,
  ssl: SslOptions | undefined,
): ConnectionOptions {
  return {
    host: endpoint.host,
    port: endpoint.port,
    user: endpoint.user,
    password: endpoint.password,
    database: endpoint.database,
    charset: 'utf8mb4',
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    connectTimeout: options.connectTimeoutMs ?? 10_000,
    enableKeepAlive: true,
    // A source that vanishes without a word is noticed within minutes; the system's own default is two hours.
    keepAliveInitialDelay: 30_000,
    connectAttributes: { program_name: 'tidemark' },
    ...(ssl ? { ssl } : {}),
  };
}
