import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { RungUnavailable } from '../ladder/rung-unavailable.ts';
import { runProgram } from '../process/run-program.ts';

const PACKAGES = ['mariadb-server-core', 'tzdata'];
const UPDATE_TIMEOUT_MS = 120_000;
const INSTALL_TIMEOUT_MS = 300_000;

let installation: Promise<void> | undefined;

/** Installs the MariaDB server program on Debian or Ubuntu, as root. Starts no service. Once per process. */
export function installMariadb(): Promise<void> {
  installation ??= install();
  return installation;
}

async function install(): Promise<void> {
  if (!/^ID(?:_LIKE)?=.*\b(?:debian|ubuntu)\b/m.test(await osRelease()))
    throw new RungUnavailable('not Debian or Ubuntu');
  if (userInfo().uid !== 0) throw new RungUnavailable('not root');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await runProgram('apt-get', ['update'], { env, timeoutMs: UPDATE_TIMEOUT_MS });
  await runProgram('apt-get', ['install', '-y', '--no-install-recommends', ...PACKAGES], {
    env,
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
}

async function osRelease(): Promise<string> {
  try {
    return await readFile('/etc/os-release', 'utf8');
  } catch (error) {
    throw new RungUnavailable('not Debian or Ubuntu', { cause: error });
  }
}
