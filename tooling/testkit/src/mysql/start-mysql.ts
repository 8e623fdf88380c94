import { startContainer } from '../containers/start-container.ts';
import { climb, type RungAttempt } from '../ladder/climb.ts';
import { startFromUrl } from '../ladder/start-from-url.ts';
import { RungUnavailable } from '../ladder/rung-unavailable.ts';
import { newPassword } from '../process/new-password.ts';
import type { RunningMysqlServer, StartedServer } from '../server.ts';
import { askMysqlVersion } from './ask-version.ts';
import { downloadMysqld } from './download-mysqld.ts';
import { findMysqld } from './find-mysqld.ts';
import { installMariadb } from './install-mariadb.ts';
import { identityFiles, mysqlArguments } from './mysql-arguments.ts';
import type { MysqlOptions } from './mysql-options.ts';
import { runMysqld } from './run-mysqld.ts';

const DEFAULT_IMAGES = { mariadb: 'mariadb:10.11', mysql: 'mysql:9.7' } as const;
const MYSQL_PORT = 3306;

/** Starts a MySQL or MariaDB server by the first means that works here. It ends with this process at the latest. */
export async function startMysql(options: MysqlOptions = {}): Promise<RunningMysqlServer> {
  const server = await climb(options.name ?? 'MySQL server', [
    { rung: 'url', start: async () => startFromUrl(options.urlVariable) },
    { rung: 'container', start: () => startInContainer(options) },
    ...(options.imageOnly === true ? [] : withoutImage(options)),
  ]);
  return { ...server, kind: 'mysql' };
}

function withoutImage(options: MysqlOptions): RungAttempt[] {
  return [
    { rung: 'local', start: async () => runMysqld(await findMysqld(options.flavor), options) },
    { rung: 'apt', start: () => startInstalled(options) },
    { rung: 'download', start: () => startDownloaded(options) },
  ];
}

function startInContainer(options: MysqlOptions): Promise<StartedServer> {
  const password = newPassword();
  const { files, args } = identityFiles(options, '/etc');
  return startContainer({
    image: options.image ?? DEFAULT_IMAGES[options.flavor ?? 'mariadb'],
    port: MYSQL_PORT,
    user: 'root',
    password,
    environment: { MYSQL_ROOT_PASSWORD: password, MYSQL_ROOT_HOST: '%', TZ: options.timezone ?? 'UTC' },
    command: [...mysqlArguments(options), ...args],
    files,
    askVersion: askMysqlVersion,
  });
}

async function startInstalled(options: MysqlOptions): Promise<StartedServer> {
  if (options.flavor === 'mysql') throw new RungUnavailable('Debian has MariaDB only');
  await installMariadb();
  return runMysqld(await findMysqld('mariadb'), options);
}

async function startDownloaded(options: MysqlOptions): Promise<StartedServer> {
  if (options.flavor === 'mariadb') throw new RungUnavailable('mysql-memory-server has MySQL only');
  return runMysqld(await downloadMysqld(), options);
}
