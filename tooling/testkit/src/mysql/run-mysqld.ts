import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import getPort from 'get-port';
import { requireTimezone } from '../process/require-timezone.ts';
import { logTail, runServerProcess, type ServerProcess } from '../process/server-process.ts';
import { createTempFolder, type TempFolder } from '../process/temp-folder.ts';
import { untilItAnswers } from '../process/until-it-answers.ts';
import { newPassword } from '../process/new-password.ts';
import type { ServerAddress, StartedServer } from '../server.ts';
import { askMysqlVersion } from './ask-version.ts';
import type { MysqlProgram } from './find-mysqld.ts';
import { initialiseDataFolder } from './initialise-data-folder.ts';
import { identityFiles, mysqlArguments } from './mysql-arguments.ts';
import type { MysqlOptions } from './mysql-options.ts';

const LOOPBACK = '127.0.0.1';

/** Runs a server program of this machine in a temporary folder on a free port. */
export async function runMysqld(program: MysqlProgram, options: MysqlOptions): Promise<StartedServer> {
  const timezone = await requireTimezone(options.timezone ?? 'UTC');
  const folder = await createTempFolder('mysql');
  try {
    return await runInFolder({ program, options, timezone, folder });
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

interface Place {
  readonly program: MysqlProgram;
  readonly options: MysqlOptions;
  readonly timezone: string;
  readonly folder: TempFolder;
}

async function runInFolder({ program, options, timezone, folder }: Place): Promise<StartedServer> {
  // Servers that share a folder for temporary tables delete each other's.
  const commonArguments = [`--tmpdir=${folder.path}`, ...(userInfo().uid === 0 ? ['--user=root'] : [])];
  const dataFolder = { path: join(folder.path, 'data'), commonArguments };
  const accountsFile = join(folder.path, 'accounts.sql');
  const address = { host: LOOPBACK, port: await getPort({ host: LOOPBACK }), user: 'root', password: newPassword() };
  await mkdir(dataFolder.path);
  await writeFile(accountsFile, accountStatements(address), { mode: 0o600 });
  const { files, args: identityArguments } = identityFiles(options, folder.path);
  for (const { target, content } of files) await writeFile(target, content, { mode: 0o600 });
  await initialiseDataFolder(program, dataFolder);

  const logFile = join(folder.path, 'server.log');
  const args = [
    '--no-defaults',
    ...commonArguments,
    `--datadir=${dataFolder.path}`,
    `--socket=${join(folder.path, 's')}`,
    `--pid-file=${join(folder.path, 'pid')}`,
    `--port=${address.port}`,
    `--bind-address=${LOOPBACK}`,
    `--init-file=${accountsFile}`,
    ...(program.flavor === 'mysql' ? ['--mysqlx=OFF'] : []),
    ...identityArguments,
    ...mysqlArguments(options),
  ];
  const run = (): Promise<ServerProcess> =>
    runServerProcess({
      binary: program.binary,
      args,
      env: { TZ: timezone },
      logFile,
      stopSignal: 'SIGTERM',
      abandonSignal: 'SIGKILL',
    });
  let server = await run();
  const version = await ready(server, address, logFile);
  return {
    address,
    description: `${version} (${program.binary}) on port ${address.port}`,
    stop: async () => {
      await server.abandon();
      await folder.remove();
    },
    kill: () => server.kill(),
    restart: async () => {
      await server.stop();
      server = await run();
      await ready(server, address, logFile);
    },
  };
}

async function ready(server: ServerProcess, address: ServerAddress, logFile: string): Promise<string> {
  try {
    return await untilItAnswers({
      ask: () => askMysqlVersion(address),
      hasEnded: server.hasEnded,
      log: () => logTail(logFile),
    });
  } catch (error) {
    await server.abandon();
    throw error;
  }
}

/** Run at each start. The one account comes over TCP; the accounts without a password are dropped. */
function accountStatements({ user, password }: ServerAddress): string {
  return [
    `CREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY '${password}';`,
    `GRANT ALL PRIVILEGES ON *.* TO '${user}'@'%' WITH GRANT OPTION;`,
    "DROP USER IF EXISTS ''@'localhost', 'root'@'127.0.0.1', 'root'@'::1';",
    '',
  ].join('\n');
}
