import { parsePort, readCa, type Complain, type ConnectionFields } from './connection-values.ts';
import { parseSslMode, SSL_MODE_WORDS, type ConnectionKind } from './endpoint.ts';

const PARAMETERS = ['ssl-mode', 'sslmode', 'ssl-ca', 'sslrootcert', 'schema'];

const ESCAPES = 'characters such as # / ? @ : in a user or password must be written as %23 %2F %3F %40 %3A';

/** The parts that a connection URL names. Problems never quote it: it holds the password. */
export function parseConnectionUrl(text: string, kind: ConnectionKind, complain: Complain): ConnectionFields {
  const url = URL.parse(text.trim());
  if (!url || url.host === '') {
    complain(`is not a URL of the form ${kind.schemes[0]}://user:password@host:port/database; ${ESCAPES}`);
    return {};
  }
  if (!kind.schemes.includes(url.protocol.slice(0, -1))) {
    complain(`must start with ${kind.schemes.map((scheme) => `${scheme}://`).join(' or ')}`);
    return {};
  }
  const [user, password, database] = [url.username, url.password, url.pathname.slice(1)].map(decode);
  if (url.hash !== '' || user === undefined || password === undefined || database === undefined) {
    complain(`holds a character that stands for itself only when escaped; ${ESCAPES}`);
    return {};
  }
  const fields: ConnectionFields = { host: url.hostname.replace(/^\[(.*)\]$/, '$1') };
  const port = parsePort(url.port);
  if (port !== null) fields.port = port;
  if (user !== '') fields.user = user;
  if (password !== '' || hasEmptyPassword(text)) fields.password = password;
  if (database !== '') fields.database = database;
  return { ...fields, ...parametersOf(url.searchParams, kind, complain) };
}

function parametersOf(given: URLSearchParams, kind: ConnectionKind, complain: Complain): ConnectionFields {
  const fields: ConnectionFields = {};
  // An unknown name is not quoted: it may be the tail of a password with a question mark in it.
  if ([...given.keys()].some((name) => !PARAMETERS.includes(name))) {
    complain(`has a parameter that is not known; known are ${PARAMETERS.join(', ')}`);
  }
  const mode = given.get('ssl-mode') ?? given.get('sslmode');
  if (mode !== null) {
    const known = parseSslMode(mode);
    if (known === null) complain(`has an ssl-mode that is not one of ${SSL_MODE_WORDS}`);
    else fields.sslMode = known;
  }
  const ca = given.get('ssl-ca') ?? given.get('sslrootcert');
  if (ca !== null)
    Object.assign(
      fields,
      readCa(ca, (problem) => complain(`has an ssl-ca that ${problem}`)),
    );
  const schema = given.get('schema');
  if (schema !== null && schema !== '' && kind.schema !== null) fields.schema = schema;
  return fields;
}

/** Undefined when a `%` is not followed by two hex digits. */
function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** `user:@host`: a colon with nothing behind it says that the password is empty, which URL does not tell apart. */
function hasEmptyPassword(text: string): boolean {
  return /^\s*[a-z]+:\/\/[^/?#@:]*:@/i.test(text);
}
