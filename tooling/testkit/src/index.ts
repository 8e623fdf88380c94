export {
  compareDatabases,
  findDifferingKeys,
  type ComparisonInput,
  type TableComparison,
} from './compare/compare-databases.ts';
export { createMysqlDatabase, type DatabaseEndpoint, type Row, type TestDatabase } from './databases/mysql-database.ts';
export { numbers } from './databases/numbers.ts';
export { createPostgresDatabase } from './databases/postgres-database.ts';
export { findDbt } from './dbt/find-dbt.ts';
export { NoDbt, provideDbt } from './dbt/install-dbt.ts';
export { NoServer } from './ladder/climb.ts';
export { urlOf } from './ladder/start-from-url.ts';
export type { MysqlFlavor, MysqlOptions } from './mysql/mysql-options.ts';
export { startMysql } from './mysql/start-mysql.ts';
export { startMysqlIfAny } from './mysql/start-mysql-if-any.ts';
export type { PostgresOptions } from './postgres/postgres-options.ts';
export { startPostgres } from './postgres/start-postgres.ts';
export { armPoint, tracePoints, type ArmedAction, type ArmedPoint } from './points/armed-point.ts';
export { FaultInjected, onPoint, type PointAction, type PointSubscription } from './points/on-point.ts';
export { pauseAt, type Pause } from './points/pause-at.ts';
export type {
  MysqlServer,
  PostgresServer,
  Rung,
  RunningMysqlServer,
  RunningPostgresServer,
  ServerAddress,
} from './server.ts';
export { serverImage } from './server-images.ts';
export { startServers, type Servers } from './start-servers.ts';
export { testServers, type TestServers } from './test-servers.ts';
export { tcpProxy, type ProxySide, type TcpProxy } from './tcp-proxy.ts';
