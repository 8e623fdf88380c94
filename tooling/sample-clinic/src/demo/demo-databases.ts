import type { Servers } from '@tidemark/testkit';
import { createConnection, type Connection } from 'mysql2/promise';
import { Client } from 'pg';

export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface DemoDatabases {
  readonly source: DatabaseAddress;
  readonly replica: DatabaseAddress;
  readonly warehouse: DatabaseAddress;
  /** The three connections as Tidemark's environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  withSource<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
}

/** Creates the three databases under the names of the field. */
export async function createDemoDatabases(servers: Servers): Promise<DemoDatabases> {
  const source = { ...addressOf(servers.source), database: 'opendental' };
  const replica = { ...addressOf(servers.replica), database: 'opendental_replication' };
  const warehouse = { ...addressOf(servers.warehouse), database: 'opendental_analytics' };
  await createMysql(source, 'DEFAULT CHARACTER SET utf8');
  await createMysql(replica, 'DEFAULT CHARACTER SET utf8mb4');
  await createPostgres(addressOf(servers.warehouse), warehouse.database);
  return {
    source,
    replica,
    warehouse,
    environment: {
      ...variables('OPENDENTAL_SOURCE', source),
      ...variables('MYSQL_REPLICATION', replica),
      ...variables('POSTGRES_ANALYTICS', warehouse),
    },
    withSource: async (work) => {
      const connection = await createConnection({ ...source, multipleStatements: true, charset: 'utf8mb4' });
      try {
        return await work(connection);
      } finally {
        await connection.end();
      }
    },
  };
}

type Address = Omit<DatabaseAddress, 'database'>;

function addressOf({ host, port, user, password }: Address): Address {
  return { host, port, user, password };
}

async function createMysql({ database, ...address }: DatabaseAddress, options: string): Promise<void> {
  const connection = await createConnection(address);
  await connection.query(`DROP DATABASE IF EXISTS ${database}`);
  await connection.query(`CREATE DATABASE ${database} ${options}`);
  await connection.end();
}

async function createPostgres(address: Address, database: string): Promise<void> {
  const client = new Client({ ...address, database: 'postgres' });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${database}`);
  await client.query(`CREATE DATABASE ${database}`);
  await client.end();
}

function variables(prefix: string, address: DatabaseAddress): Record<string, string> {
  return {
    [`${prefix}_HOST`]: address.host,
    [`${prefix}_PORT`]: String(address.port),
    [`${prefix}_USER`]: address.user,
    [`${prefix}_PASSWORD`]: address.password,
    [`${prefix}_DB`]: address.database,
  };
}
