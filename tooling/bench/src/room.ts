import { startServers } from '@tidemark/testkit';
import { openCopyTracking, openLoadTracking, type CopyTracking, type LoadTracking } from '@tidemark/tracking';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';

import type { Endpoint } from './wide-table.ts';

/** Three servers with a database each, migrated. */
export interface Room extends AsyncDisposable {
  readonly source: Endpoint;
  readonly replica: Endpoint;
  readonly warehouse: Endpoint;
  readonly copyTracking: CopyTracking;
  readonly loadTracking: LoadTracking;
  readonly environment: Readonly<Record<string, string>>;
  /** One statement on the warehouse. */
  onWarehouse(sql: string): Promise<void>;
}

export async function openRoom(): Promise<Room> {
  const servers = await startServers();
  const at = (server: Omit<Endpoint, 'database'>, database: string): Endpoint => {
    const { host, port, user, password } = server;
    return { host, port, user, password, database };
  };
  const source = at(servers.source, 'bench_source');
  const replica = at(servers.replica, 'bench_replica');
  const warehouse = at(servers.warehouse, 'bench_warehouse');
  for (const { database, ...address } of [source, replica]) {
    const connection = await createConnection(address);
    await connection.query(`CREATE OR REPLACE DATABASE ${database}`);
    // Test servers have little: a table of a million rows would be read from the disk each time.
    await connection.query('SET GLOBAL innodb_buffer_pool_size = 1 << 30');
    await connection.end();
  }
  await onPostgres({ ...warehouse, database: 'postgres' }, 'DROP DATABASE IF EXISTS bench_warehouse');
  await onPostgres({ ...warehouse, database: 'postgres' }, 'CREATE DATABASE bench_warehouse');
  const copyTracking = await openCopyTracking(replica);
  const loadTracking = await openLoadTracking(warehouse);
  await copyTracking.migrate();
  await loadTracking.migrate();
  return {
    source,
    replica,
    warehouse,
    copyTracking,
    loadTracking,
    environment: {
      ...variables('OPENDENTAL_SOURCE', source),
      ...variables('MYSQL_REPLICATION', replica),
      ...variables('POSTGRES_ANALYTICS', warehouse),
    },
    onWarehouse: (sql) => onPostgres(warehouse, sql),
    [Symbol.asyncDispose]: async () => {
      await copyTracking.close();
      await loadTracking.close();
      await servers.stop();
    },
  };
}

async function onPostgres(endpoint: Endpoint, sql: string): Promise<void> {
  const client = new Client(endpoint);
  await client.connect();
  await client.query(sql);
  await client.end();
}

function variables(prefix: string, endpoint: Endpoint): Record<string, string> {
  return {
    [`${prefix}_HOST`]: endpoint.host,
    [`${prefix}_PORT`]: String(endpoint.port),
    [`${prefix}_USER`]: endpoint.user,
    [`${prefix}_PASSWORD`]: endpoint.password,
    [`${prefix}_DB`]: endpoint.database,
  };
}
