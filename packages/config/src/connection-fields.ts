import { readFileSync } from 'node:fs';

import { parseConnectionUrl } from './connection-url.ts';
import { parsePort, readCa, type ConnectionFields } from './connection-values.ts';
import { parseSslMode, SSL_MODE_WORDS, type ConnectionKind } from './endpoint.ts';
import { readLayer, type Environment, type EnvironmentLayer } from './environment.ts';
import { whyUnreadable } from './read-text-file.ts';

/** Takes what is wrong with one variable of a connection; `part` is what follows the connection's prefix in its name. */
export type ComplainOf = (part: string, text: string) => void;

/**
 * Gathers a connection from all layers: a variable of the process wins over one of the .env file. Within a layer a single
 * variable adds to the URL, and one that says otherwise than the URL is refused (decision 76).
 */
export function gatherFields(environment: Environment, kind: ConnectionKind, complain: ComplainOf): ConnectionFields {
  return environment.layers.reduceRight<ConnectionFields>(
    (weaker, layer) => Object.assign(weaker, fieldsOfLayer(layer, kind, complain)),
    {},
  );
}

function fieldsOfLayer(layer: EnvironmentLayer, kind: ConnectionKind, complain: ComplainOf): ConnectionFields {
  const fields: ConnectionFields = {};
  const ofUrl: ConnectionFields = {};
  const take = (part: string, use: (value: string) => void): void => {
    const value = readLayer(layer, `${kind.prefix}_${part}`);
    if (value !== null) use(value);
  };
  take('URL', (url) =>
    Object.assign(
      ofUrl,
      parseConnectionUrl(url, kind, (text) => complain('URL', text)),
    ),
  );
  take('HOST', (host) => (fields.host = host));
  take('DB', (database) => (fields.database = database));
  take('USER', (user) => (fields.user = user));
  if (kind.schema !== null) take('SCHEMA', (schema) => (fields.schema = schema));
  take('PORT', (text) => {
    const port = parsePort(text);
    if (port === null) complain('PORT', 'is not a port number from 1 to 65535');
    else fields.port = port;
  });
  take('SSL_MODE', (text) => {
    const mode = parseSslMode(text);
    if (mode === null) complain('SSL_MODE', `is not one of ${SSL_MODE_WORDS}`);
    else fields.sslMode = mode;
  });
  take('SSL_CA', (path) =>
    Object.assign(
      fields,
      readCa(path, (text) => complain('SSL_CA', text)),
    ),
  );
  take('PASSWORD_FILE', (path) =>
    Object.assign(
      fields,
      readPassword(path, (text) => complain('PASSWORD_FILE', text)),
    ),
  );
  take('PASSWORD', (password) => {
    if (readLayer(layer, `${kind.prefix}_PASSWORD_FILE`) !== null) {
      complain('PASSWORD', `and ${kind.prefix}_PASSWORD_FILE are both set; only one of them can be meant`);
    }
    fields.password = password;
  });
  for (const [part, field] of PARTS) {
    const [single, inUrl] = [fields[field], ofUrl[field]];
    if (single === undefined || inUrl === undefined || single === inUrl) continue;
    const named = readLayer(layer, `${kind.prefix}_${part}`) === null ? `${part}_FILE` : part;
    complain(named, `and ${kind.prefix}_URL say different things; only one of them can be meant`);
  }
  return { ...ofUrl, ...fields };
}

/** What both a URL and a single variable can say. */
const PARTS = [
  ['HOST', 'host'],
  ['PORT', 'port'],
  ['DB', 'database'],
  ['SCHEMA', 'schema'],
  ['USER', 'user'],
  ['PASSWORD', 'password'],
  ['SSL_MODE', 'sslMode'],
  ['SSL_CA', 'sslCa'],
] as const satisfies readonly (readonly [string, keyof ConnectionFields])[];

function readPassword(path: string, complain: (text: string) => void): { password?: string } {
  try {
    // Editors and `echo` end a file with a line break that is no part of the password.
    return { password: readFileSync(path, 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    complain(`names a file that cannot be read: ${whyUnreadable(error)}`);
    return {};
  }
}
