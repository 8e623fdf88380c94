import { startMysqlIfAny, type RunningMysqlServer } from '@tidemark/testkit';
import type { TestProject } from 'vitest/node';

import type { NamedServer } from './other-servers.ts';

const OLD_MYSQL_URL = 'TIDEMARK_TEST_OLD_MYSQL_URL';

const running: { readonly name: NamedServer['name']; readonly server: RunningMysqlServer }[] = [];

/** vitest global setup: starts what the tests of this package need besides the servers of every test run. */
export async function setup(project: TestProject): Promise<void> {
  try {
    await Promise.all([startMariadb(), startMysqls()]);
  } catch (error) {
    await teardown();
    throw error;
  }
  const servers = running.map(({ name, server: { kind, host, port, user, password } }): NamedServer => {
    return { name, server: { kind, host, port, user, password } };
  });
  project.provide('ownServers', servers);
}

export async function teardown(): Promise<void> {
  await Promise.all(running.map(({ server }) => server.stop()));
}

async function startMariadb(): Promise<void> {
  const server = await startMysqlIfAny({
    name: 'own MariaDB',
    flavor: 'mariadb',
    timezone: 'America/Chicago',
    urlVariable: 'TIDEMARK_TEST_OWN_MARIADB_URL',
  });
  if (server) running.push({ name: 'own MariaDB', server });
}

/** The oldest version that is supported comes as a container only, or by its variable. */
async function startMysqls(): Promise<void> {
  const server = await startMysqlIfAny({
    name: 'MySQL',
    flavor: 'mysql',
    timezone: 'America/Chicago',
    urlVariable: 'TIDEMARK_TEST_MYSQL_URL',
  });
  if (server) running.push({ name: 'MySQL', server });
  if (server?.rung !== 'container' && !process.env[OLD_MYSQL_URL]) return;
  const old = await startMysqlIfAny({
    name: 'old MySQL',
    flavor: 'mysql',
    image: 'mysql:5.6',
    imageOnly: true,
    timezone: 'America/Chicago',
    sqlMode: '',
    urlVariable: OLD_MYSQL_URL,
  });
  if (old) running.push({ name: 'old MySQL', server: old });
}
