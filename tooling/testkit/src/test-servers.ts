import { addressOf } from './ladder/start-from-url.ts';
import { SERVER_VARIABLES } from './server-variables.ts';
import type { MysqlServer, PostgresServer, ServerAddress } from './server.ts';

export interface TestServers {
  readonly source: MysqlServer;
  readonly replica: MysqlServer;
  readonly warehouse: PostgresServer;
}

/** The servers that the global setup has ready. For test files whose suffix says that they need servers. */
export function testServers(): TestServers {
  return {
    source: { kind: 'mysql', ...address(SERVER_VARIABLES.source) },
    replica: { kind: 'mysql', ...address(SERVER_VARIABLES.replica) },
    warehouse: { kind: 'postgres', ...address(SERVER_VARIABLES.warehouse) },
  };
}

function address(variable: string): ServerAddress {
  const url = process.env[variable];
  if (!url) {
    throw new Error('No servers: the test file must have the suffix .mysql.test.ts, .pg.test.ts or .e2e.test.ts.');
  }
  return addressOf(variable, url);
}
