import { USUAL_STALL_MS } from '@tidemark/stall';
import pg, { type ClientBase } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';

import { classifyTrackingError } from './classify-tracking-error.ts';
import { copyStatus } from './entities/copy-status.ts';
import { loadStatus } from './entities/load-status.ts';
import { copyHistory, loadHistory } from './entities/run-history.ts';
import { tombstone } from './entities/tombstone.ts';
import { transformStatus } from './entities/transform-status.ts';
import { verification } from './entities/verification.ts';
import { COPY_MIGRATIONS } from './migrations/mysql/index.ts';
import { LOAD_MIGRATIONS } from './migrations/postgres/index.ts';
import { OpenConnections } from './open-connections.ts';
import type { OpenOptions, TrackingEndpoint } from './open-options.ts';
import { postgresTextTypes } from './postgres-text-types.ts';
import { watchedMysql } from './replica-connections.ts';
import { silentLogger } from './silent-logger.ts';
import { TRACKING_TABLES } from './table-names.ts';
import { lacksTransportSecurity, transportAttempts, type TransportSecurity } from './transport-security.ts';
import { watchWarehouse } from './warehouse-connections.ts';

const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 10_000;

/** A machine that vanishes without a word is noticed soon; the system's own default is two hours. */
const KEEPALIVE_MS = 30_000;

/** Connections that nobody has used for so long are closed: most firewalls forget them after a while. */
const IDLE_MS = 10_000;

/** TypeORM's pool, and the connections in it. */
export interface OpenedDataSource {
  readonly dataSource: DataSource;
  readonly connections: OpenConnections;
}

const COMMON = {
  synchronize: false,
  migrationsRun: false,
  migrationsTableName: TRACKING_TABLES.migrations,
  logging: false,
  logger: silentLogger,
} as const;

/** The replica, over mysql2. Every value comes as text, so that no number or time is rounded. */
export function openReplica(endpoint: TrackingEndpoint, options: OpenOptions): Promise<OpenedDataSource> {
  const connections = new OpenConnections(options.stallTimeoutMs ?? USUAL_STALL_MS);
  const poolSize = options.poolSize ?? POOL_SIZE;
  const { host, port, user, password } = endpoint;
  return openFirst(endpoint, 'replica', connections, (ssl) => ({
    ...COMMON,
    type: 'mysql',
    driver: watchedMysql({ host, port, user, password, ...(ssl ? { ssl } : {}) }, connections),
    ...credentials(endpoint),
    ssl,
    poolSize,
    connectTimeout: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    charset: 'utf8mb4',
    timezone: 'Z',
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    entities: [copyStatus, copyHistory, tombstone],
    migrations: COPY_MIGRATIONS,
    extra: {
      jsonStrings: true,
      enableKeepAlive: true,
      keepAliveInitialDelay: KEEPALIVE_MS,
      // mysql2 looks at the idle time only where fewer may be idle than open.
      maxIdle: poolSize - 1,
      idleTimeout: IDLE_MS,
      connectAttributes: { program_name: 'tidemark' },
    },
  }));
}

/** The warehouse, over pg. Times, JSON, bigint and numeric come as text. */
export function openWarehouse(
  endpoint: TrackingEndpoint,
  schema: string,
  options: OpenOptions,
): Promise<OpenedDataSource> {
  const connections = new OpenConnections(options.stallTimeoutMs ?? USUAL_STALL_MS);
  const { host, port, user, password, database } = endpoint;
  return openFirst(endpoint, 'warehouse', connections, (ssl) => ({
    ...COMMON,
    type: 'postgres',
    driver: pg,
    ...credentials(endpoint),
    schema,
    ssl: ssl ?? false,
    poolSize: options.poolSize ?? POOL_SIZE,
    connectTimeoutMS: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    applicationName: 'tidemark',
    installExtensions: false,
    entities: [loadStatus, transformStatus, loadHistory, verification],
    migrations: LOAD_MIGRATIONS,
    extra: {
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEPALIVE_MS,
      idleTimeoutMillis: IDLE_MS,
      types: postgresTextTypes,
      onConnect: (client: ClientBase) =>
        watchWarehouse(client, { host, port, user, password, database, ssl: ssl ?? false }, connections),
    },
  }));
}

function credentials(endpoint: TrackingEndpoint): {
  host: string;
  port: number;
  username: string;
  password: string;
  database: string;
} {
  return {
    host: endpoint.host,
    port: endpoint.port,
    username: endpoint.user,
    password: endpoint.password,
    database: endpoint.database,
  };
}

async function openFirst(
  endpoint: TrackingEndpoint,
  where: 'replica' | 'warehouse',
  connections: OpenConnections,
  optionsFor: (ssl: TransportSecurity | undefined) => DataSourceOptions,
): Promise<OpenedDataSource> {
  const attempts = transportAttempts(endpoint);
  let attempt = 0;
  for (;;) {
    try {
      return { dataSource: await new DataSource(optionsFor(attempts[attempt])).initialize(), connections };
    } catch (error) {
      connections.endAll();
      attempt += 1;
      if (attempt < attempts.length && lacksTransportSecurity(error)) continue;
      throw classifyTrackingError(error, where);
    }
  }
}
