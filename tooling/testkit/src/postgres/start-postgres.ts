import { startContainer } from '../containers/start-container.ts';
import { climb } from '../ladder/climb.ts';
import { startFromUrl } from '../ladder/start-from-url.ts';
import { newPassword } from '../process/new-password.ts';
import type { RunningPostgresServer, StartedServer } from '../server.ts';
import { askPostgresVersion } from './ask-version.ts';
import { postgresArguments } from './postgres-arguments.ts';
import type { PostgresOptions } from './postgres-options.ts';
import { runPostgres } from './run-postgres.ts';

const DEFAULT_IMAGE = 'postgres:17';
const POSTGRES_PORT = 5432;
/** Number of the account `postgres` in the official images. */
const POSTGRES_UID = 999;

/** Starts a PostgreSQL server by the first means that works here. It ends with this process at the latest. */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgresServer> {
  const local = (): Promise<StartedServer> => runPostgres(options);
  const server = await climb(options.name ?? 'PostgreSQL server', [
    { rung: 'url', start: async () => startFromUrl(options.urlVariable) },
    { rung: 'container', start: () => startInContainer(options) },
    { rung: 'local', start: local },
    // Forcing these two is about MySQL; PostgreSQL is the embedded one then.
    { rung: 'apt', start: local },
    { rung: 'download', start: local },
  ]);
  return { ...server, kind: 'postgres' };
}

function startInContainer(options: PostgresOptions): Promise<StartedServer> {
  const password = newPassword();
  const { smallDisk } = options;
  const tmpfs = smallDisk && {
    [smallDisk.path]: `size=${smallDisk.megabytes}m,uid=${POSTGRES_UID},gid=${POSTGRES_UID},mode=0700`,
  };
  return startContainer({
    tmpfs,
    image: options.image ?? DEFAULT_IMAGE,
    port: POSTGRES_PORT,
    user: 'postgres',
    password,
    environment: { POSTGRES_PASSWORD: password, POSTGRES_USER: 'postgres' },
    command: ['postgres', ...postgresArguments(options)],
    askVersion: askPostgresVersion,
  });
}
