import { startMysql, startMysqlIfAny, testServers, type MysqlServer, type RunningMysqlServer } from '@tidemark/testkit';

export interface NamedServer {
  readonly name: 'MariaDB source' | 'MariaDB replica' | 'MySQL' | 'old MySQL';
  readonly server: MysqlServer;
}

export interface NamedServers {
  readonly servers: readonly NamedServer[];
  stop(): Promise<void>;
}

const MYSQL_URL = 'TIDEMARK_TEST_MYSQL_URL';
const OLD_MYSQL_URL = 'TIDEMARK_TEST_OLD_MYSQL_URL';

/**
 * The two servers of every test run, and what is needed to meet all products that Tidemark reads: a MySQL of today, and
 * the oldest that is supported, where a container engine or an environment variable has it.
 */
export async function otherServers(): Promise<NamedServers> {
  const { source, replica } = testServers();
  const started: RunningMysqlServer[] = [];
  const servers: NamedServer[] = [
    { name: 'MariaDB source', server: source },
    { name: 'MariaDB replica', server: replica },
  ];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((server) => server.stop()));
  };
  try {
    const mysql = await startMysqlIfAny({
      name: 'MySQL',
      flavor: 'mysql',
      timezone: 'America/Chicago',
      urlVariable: MYSQL_URL,
    });
    if (mysql) {
      started.push(mysql);
      servers.push({ name: 'MySQL', server: mysql });
    }
    if (mysql?.rung === 'container' || process.env[OLD_MYSQL_URL]) {
      const old = await startMysql({
        name: 'old MySQL',
        flavor: 'mysql',
        image: 'mysql:5.6',
        timezone: 'America/Chicago',
        sqlMode: '',
        urlVariable: OLD_MYSQL_URL,
      });
      started.push(old);
      servers.push({ name: 'old MySQL', server: old });
    }
    return { servers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
