import { TidemarkError } from '@tidemark/errors';

import { configInvalid } from './config-invalid.ts';
import { gatherFields } from './connection-fields.ts';
import type { ConnectionFields } from './connection-values.ts';
import { CONNECTION_KINDS, type ConnectionName, type Connections, type SslSettings } from './endpoint.ts';
import type { Environment } from './environment.ts';
import { findSourceMixUp } from './source-mix-up.ts';

const ALL: readonly ConnectionName[] = ['source', 'replica', 'warehouse'];

const REQUIRED = [
  ['HOST', 'host'],
  ['DB', 'database'],
  ['USER', 'user'],
  ['PASSWORD', 'password'],
] as const satisfies readonly (readonly [string, keyof ConnectionFields])[];

const HINT =
  'Set the variables in the environment or in a .env file (--env-file). A connection may also be given as one …_URL, its password as …_PASSWORD_FILE.';

interface Gathered {
  readonly fields: ConnectionFields;
  readonly problems: readonly string[];
  readonly missing: readonly string[];
}

/**
 * The connections that an act needs, from the environment.
 *
 * Whenever the source is named at all, the replica is checked not to be it, also where only the replica is asked for:
 * not even a tracking table may be made in the practice's database.
 *
 * @throws CONFIG_INVALID naming every missing and every wrong variable, none of their values
 */
export function readConnections<K extends ConnectionName = ConnectionName>(
  environment: Environment,
  which?: readonly K[],
): Pick<Connections, K>;
export function readConnections(
  environment: Environment,
  which: readonly ConnectionName[] = ALL,
): Partial<Connections> {
  const gathered = {
    source: gather(environment, 'source'),
    replica: gather(environment, 'replica'),
    warehouse: gather(environment, 'warehouse'),
  };
  const missing = which.flatMap((name) => gathered[name].missing);
  const problems = [
    ...(missing.length > 0 ? [`not set: ${missing.join(', ')}`] : []),
    ...which.flatMap((name) => gathered[name].problems),
  ];
  const mixUp = which.includes('replica') ? findSourceMixUp(gathered.source.fields, gathered.replica.fields) : null;
  if (mixUp !== null) problems.push(mixUp);
  if (problems.length > 0) throw configInvalid(problems, HINT);
  return Object.fromEntries(which.map((name) => [name, toEndpoint(name, gathered[name].fields)]));
}

function gather(environment: Environment, name: ConnectionName): Gathered {
  const kind = CONNECTION_KINDS[name];
  const complaints: { part: string; text: string }[] = [];
  const fields = gatherFields(environment, kind, (part, text) => complaints.push({ part, text }));
  const isExcused = (part: string): boolean =>
    complaints.some((complaint) => complaint.part === 'URL' || complaint.part.startsWith(part));
  const missing = REQUIRED.filter(([part, field]) => fields[field] === undefined && !isExcused(part));
  return {
    fields,
    problems: complaints.map(({ part, text }) => `${kind.prefix}_${part} ${text}`),
    missing: missing.map(([part]) => `${kind.prefix}_${part}`),
  };
}

function toEndpoint(name: ConnectionName, fields: ConnectionFields): Connections[ConnectionName] {
  const kind = CONNECTION_KINDS[name];
  const { host, user, password, database } = fields;
  if (host === undefined || user === undefined || password === undefined || database === undefined) {
    throw new TidemarkError('INTERNAL', {
      message: `${kind.prefix} is incomplete`,
      hint: 'This is a defect: report it.',
    });
  }
  const ssl = sslOf(fields);
  const endpoint = { host, port: fields.port ?? kind.port, user, password, database, ...(ssl ? { ssl } : {}) };
  return kind.schema === null ? endpoint : { ...endpoint, schema: fields.schema ?? kind.schema };
}

/** Certificates without a mode mean `verify-ca`: why else name them. */
function sslOf({ sslMode, sslCa }: ConnectionFields): SslSettings | null {
  const mode = sslMode ?? (sslCa === undefined ? undefined : 'verify-ca');
  if (mode === undefined) return null;
  return sslCa === undefined ? { mode } : { mode, ca: sslCa };
}
