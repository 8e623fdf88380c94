import type { ServerAddress, StartedServer } from '../server.ts';
import { RungUnavailable } from './rung-unavailable.ts';

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'mysql:': 3306,
  'mariadb:': 3306,
  'postgres:': 5432,
  'postgresql:': 5432,
};

/** The server named by a URL in the environment. It is somebody else's: it can be used, not stopped. */
export function startFromUrl(variable: string | undefined): StartedServer {
  const text = variable === undefined ? undefined : process.env[variable];
  if (!variable || !text) throw new RungUnavailable(variable ? `${variable} is not set` : 'an extra server has no URL');
  return {
    address: addressOf(variable, text),
    description: variable,
    stop: async () => {},
    kill: () => notOurs(variable),
    restart: () => notOurs(variable),
  };
}

/** The URL under which a server is passed on to another process. */
export function urlOf(protocol: 'mysql' | 'postgres', address: ServerAddress): string {
  const user = encodeURIComponent(address.user);
  const password = encodeURIComponent(address.password);
  return `${protocol}://${user}:${password}@${address.host}:${address.port}/`;
}

/** Reads a server URL. The text never appears in an error: it holds a password. */
export function addressOf(variable: string, text: string): ServerAddress {
  if (!URL.canParse(text)) throw new Error(`${variable} is not a URL.`);
  const url = new URL(text);
  const defaultPort = DEFAULT_PORTS[url.protocol];
  if (defaultPort === undefined) throw new Error(`${variable} is a URL of neither MySQL nor PostgreSQL.`);
  return {
    host: url.hostname,
    port: url.port ? Number(url.port) : defaultPort,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  };
}

async function notOurs(variable: string): Promise<never> {
  throw new Error(`The server of ${variable} was not started here.`);
}
