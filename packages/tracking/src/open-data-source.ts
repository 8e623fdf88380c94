import mysql from 'mysql2';
import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';

import { classifyTrackingError } from './classify-tracking-error.ts';
import { copyStatus } from './entities/copy-status.ts';
import { loadStatus } from './entities/load-status.ts';
import { copyHistory, loadHistory } from './entities/run-history.ts';
import { tombstone } from './entities/tombstone.ts';
import { transformStatus } from './entities/transform-status.ts';
import { COPY_MIGRATIONS } from './migrations/mysql/index.ts';
import { LOAD_MIGRATIONS } from './migrations/postgres/index.ts';
import type { OpenOptions, TrackingEndpoint } from './open-options.ts';
import { postgresTextTypes } from './postgres-text-types.ts';
import { silentLogger } from './silent-logger.ts';
import { TRACKING_TABLES } from './table-names.ts';
import { lacksTransportSecurity, transportAttempts, type TransportSecurity } from './transport-security.ts';

const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 10_000;

const COMMON = {
  synchronize: false,
  migrationsRun: false,
  migrationsTableName: TRACKING_TABLES.migrations,
  logging: false,
  logger: silentLogger,
} as const;

/** The replica, over mysql2. Every value comes as text, so that no number or time is rounded. */
export function openReplica(endpoint: TrackingEndpoint, options: OpenOptions): Promise<DataSource> {
  return openFirst(endpoint, 'replica', (ssl) => ({
    ...COMMON,
    type: 'mysql',
    driver: mysql,
    ...credentials(endpoint),
    ssl,
    poolSize: options.poolSize ?? POOL_SIZE,
    connectTimeout: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    charset: 'utf8mb4',
    timezone: 'Z',
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    entities: [copyStatus, copyHistory, tombstone],
    migrations: COPY_MIGRATIONS,
    extra: { jsonStrings: true, enableKeepAlive: true, connectAttributes: { program_name: 'tidemark' } },
  }));
}

/** The warehouse, over pg. Times, JSON, bigint and numeric come as text. */
export function openWarehouse(endpoint: TrackingEndpoint, schema: string, options: OpenOptions): Promise<DataSource> {
  return openFirst(endpoint, 'warehouse', (ssl) => ({
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
    entities: [loadStatus, transformStatus, loadHistory],
    migrations: LOAD_MIGRATIONS,
    extra: { keepAlive: true, types: postgresTextTypes },
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
  optionsFor: (ssl: TransportSecurity | undefined) => DataSourceOptions,
): Promise<DataSource> {
  const attempts = transportAttempts(endpoint);
  let attempt = 0;
  for (;;) {
    try {
      return await new DataSource(optionsFor(attempts[attempt])).initialize();
    } catch (error) {
      attempt += 1;
      if (attempt < attempts.length && lacksTransportSecurity(error)) continue;
      throw classifyTrackingError(error, where);
    }
  }
}
