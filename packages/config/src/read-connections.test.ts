import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { processEnvironment, type Environment } from './environment.ts';
import { readConnections } from './read-connections.ts';
import { refusalOf } from './testing/refusal-of.ts';

type Variables = Readonly<Record<string, string>>;

const SECRET = 'hunter2';
const SOURCE: Variables = {
  OPENDENTAL_SOURCE_HOST: 'server',
  OPENDENTAL_SOURCE_DB: 'opendental',
  OPENDENTAL_SOURCE_USER: 'reader',
  OPENDENTAL_SOURCE_PASSWORD: SECRET,
};
const REPLICA: Variables = {
  MYSQL_REPLICATION_HOST: 'localhost',
  MYSQL_REPLICATION_PORT: '3305',
  MYSQL_REPLICATION_DB: 'opendental_replication',
  MYSQL_REPLICATION_USER: 'writer',
  MYSQL_REPLICATION_PASSWORD: SECRET,
};
const WAREHOUSE: Variables = {
  POSTGRES_ANALYTICS_HOST: 'localhost',
  POSTGRES_ANALYTICS_DB: 'opendental_analytics',
  POSTGRES_ANALYTICS_USER: 'loader',
  POSTGRES_ANALYTICS_PASSWORD: SECRET,
};
const ALL = { ...SOURCE, ...REPLICA, ...WAREHOUSE };

function without(variables: Variables, ...names: string[]): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !names.includes(name)));
}

const source = (variables: Variables) => readConnections(processEnvironment(variables), ['source']).source;
const warehouse = (variables: Variables) => readConnections(processEnvironment(variables), ['warehouse']).warehouse;

function problemsOf(variables: Variables, which?: readonly ('source' | 'replica' | 'warehouse')[]): string[] {
  const error = refusalOf(() => readConnections(processEnvironment(variables), which));
  expect(error.code).toBe('CONFIG_INVALID');
  expect(error.message + error.hint).not.toContain(SECRET);
  return error.message.split('\n');
}

test('all three from single variables, with the usual ports and the schema raw', () => {
  const login = { password: SECRET };
  expect(readConnections(processEnvironment(ALL))).toEqual({
    source: { host: 'server', port: 3306, user: 'reader', database: 'opendental', ...login },
    replica: { host: 'localhost', port: 3305, user: 'writer', database: 'opendental_replication', ...login },
    warehouse: {
      host: 'localhost',
      port: 5432,
      user: 'loader',
      database: 'opendental_analytics',
      schema: 'raw',
      ...login,
    },
  });
});

test('only what is asked for is needed and returned', () => {
  expect(
    Object.keys(readConnections(processEnvironment({ ...REPLICA, ...WAREHOUSE }), ['replica', 'warehouse'])),
  ).toEqual(['replica', 'warehouse']);
});

test('everything missing is named at once; an empty value is missing', () => {
  expect(
    problemsOf({
      ...without(ALL, 'MYSQL_REPLICATION_USER'),
      OPENDENTAL_SOURCE_HOST: '',
      POSTGRES_ANALYTICS_PASSWORD: '',
    }),
  ).toEqual(['not set: OPENDENTAL_SOURCE_HOST, MYSQL_REPLICATION_USER, POSTGRES_ANALYTICS_PASSWORD']);
  expect(problemsOf({})[0]?.split(', ')).toHaveLength(12);
});

describe('URL', () => {
  test('gives what it names, percent-decoded', () => {
    expect(
      source({ OPENDENTAL_SOURCE_URL: 'mysql://re%40der:p%23%2F%3A@[::1]:3307/open%20dental?ssl-mode=required' }),
    ).toEqual({
      host: '::1',
      port: 3307,
      user: 're@der',
      password: 'p#/:',
      database: 'open dental',
      ssl: { mode: 'required' },
    });
    expect(warehouse({ POSTGRES_ANALYTICS_URL: 'postgresql://u:p@h/d?schema=bronze&sslmode=verify-full' })).toEqual({
      host: 'h',
      port: 5432,
      user: 'u',
      password: 'p',
      database: 'd',
      schema: 'bronze',
      ssl: { mode: 'verify-full' },
    });
  });

  test('a single variable says what the URL leaves open, or the same', () => {
    const variables = {
      OPENDENTAL_SOURCE_URL: 'mariadb://u@h:1/d',
      OPENDENTAL_SOURCE_PASSWORD: SECRET,
      OPENDENTAL_SOURCE_PORT: '1',
      OPENDENTAL_SOURCE_DB: 'd',
      OPENDENTAL_SOURCE_SSL_MODE: 'required',
    };
    expect(source(variables)).toEqual({
      host: 'h',
      port: 1,
      user: 'u',
      password: SECRET,
      database: 'd',
      ssl: { mode: 'required' },
    });
  });

  test.each([
    ['HOST', 'other'],
    ['PORT', '2'],
    ['DB', 'x'],
    ['USER', 'root'],
    ['PASSWORD', SECRET],
    ['SSL_MODE', 'required'],
  ])('one that says otherwise is told, whichever was meant: %s', (part, value) => {
    const url = `mysql://u:other-${SECRET}@h:1/d?ssl-mode=disabled`;
    const problems = problemsOf({ OPENDENTAL_SOURCE_URL: url, [`OPENDENTAL_SOURCE_${part}`]: value }, ['source']);
    expect(problems).toEqual([
      `OPENDENTAL_SOURCE_${part} and OPENDENTAL_SOURCE_URL say different things; only one of them can be meant`,
    ]);
  });

  test('of a password in a file, the file is named', () => {
    using dir = mkdtempDisposableSync(join(tmpdir(), 'tidemark-config-'));
    const file = join(dir.path, 'password');
    writeFileSync(file, SECRET);
    const variables = { OPENDENTAL_SOURCE_URL: 'mysql://u:p@h/d', OPENDENTAL_SOURCE_PASSWORD_FILE: file };
    expect(problemsOf(variables, ['source'])).toEqual([
      'OPENDENTAL_SOURCE_PASSWORD_FILE and OPENDENTAL_SOURCE_URL say different things; only one of them can be meant',
    ]);
  });

  test('a variable of the process wins over the URL of the .env file', () => {
    const environment: Environment = {
      layers: [
        { origin: 'environment', values: { OPENDENTAL_SOURCE_HOST: 'other' } },
        { origin: '.env', values: { OPENDENTAL_SOURCE_URL: 'mysql://u:p@h/d' } },
      ],
    };
    expect(readConnections(environment, ['source']).source).toMatchObject({ host: 'other', user: 'u' });
  });

  test('of the process wins over single variables of the .env file', () => {
    const environment: Environment = {
      layers: [
        { origin: 'environment', values: { OPENDENTAL_SOURCE_URL: 'mysql://u@other/d' } },
        { origin: '.env', values: SOURCE },
      ],
    };
    expect(readConnections(environment, ['source']).source).toMatchObject({
      host: 'other',
      user: 'u',
      password: SECRET,
    });
  });

  test('a password is empty only when the URL says so', () => {
    expect(source({ OPENDENTAL_SOURCE_URL: 'mysql://root:@h/d' }).password).toBe('');
    expect(problemsOf({ OPENDENTAL_SOURCE_URL: 'mysql://root@h/d' }, ['source'])).toEqual([
      'not set: OPENDENTAL_SOURCE_PASSWORD',
    ]);
  });

  test.each([
    [`mysql://u:${SECRET}/x@h/d`, 'is not a URL'],
    [`mysql://u:x#${SECRET}@h/d`, 'is not a URL'],
    [`mysql://u:1#${SECRET}@h/d`, 'holds a character'],
    [`mysql://u:%zz${SECRET}@h/d`, 'holds a character'],
    [SECRET, 'is not a URL'],
    [`postgres://u:${SECRET}@h/d`, 'must start with mysql:// or mariadb://'],
    [`mysql://u:p@h/d?${SECRET}=1`, 'has a parameter that is not known'],
    [`mysql://u:p@h/d?ssl-mode=${SECRET}`, 'has an ssl-mode that is not one of'],
    [`mysql://u:p@h/d?ssl-ca=/${SECRET}`, 'has an ssl-ca that names a file that cannot be read'],
  ])('%s is refused without being quoted', (url, why) => {
    const problems = problemsOf({ OPENDENTAL_SOURCE_URL: url }, ['source']);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^OPENDENTAL_SOURCE_URL ${why}`));
  });
});

describe('wrong values', () => {
  test.each(['0', '65536', '33o6', '-1', '3306.5', SECRET])('port %s', (port) => {
    expect(problemsOf({ ...SOURCE, OPENDENTAL_SOURCE_PORT: port }, ['source'])).toEqual([
      'OPENDENTAL_SOURCE_PORT is not a port number from 1 to 65535',
    ]);
  });

  test.each([
    ['required', 'required'],
    ['REQUIRE', 'required'],
    ['verify_ca', 'verify-ca'],
    ['VERIFY_IDENTITY', 'verify-full'],
    ['disable', 'disabled'],
    ['prefer', 'preferred'],
  ])('SSL mode %s is %s', (word, mode) => {
    expect(source({ ...SOURCE, OPENDENTAL_SOURCE_SSL_MODE: word }).ssl).toEqual({ mode });
  });

  test.each(['on', 'constructor', SECRET])('SSL mode %s is refused', (word) => {
    expect(problemsOf({ ...SOURCE, OPENDENTAL_SOURCE_SSL_MODE: word }, ['source'])).toEqual([
      'OPENDENTAL_SOURCE_SSL_MODE is not one of disabled, preferred, required, verify-ca, verify-full',
    ]);
  });

  test('are told beside what is missing', () => {
    const variables = { ...without(ALL, 'OPENDENTAL_SOURCE_HOST'), POSTGRES_ANALYTICS_PORT: 'x' };
    expect(problemsOf(variables)).toEqual([
      'not set: OPENDENTAL_SOURCE_HOST',
      'POSTGRES_ANALYTICS_PORT is not a port number from 1 to 65535',
    ]);
  });
});

describe('files', () => {
  const folder = () => mkdtempDisposableSync(join(tmpdir(), 'tidemark-config-'));
  const unset = without(SOURCE, 'OPENDENTAL_SOURCE_PASSWORD');

  test.each([
    [`${SECRET}\n`, SECRET],
    [`${SECRET}\r\n`, SECRET],
    [` ${SECRET} `, ` ${SECRET} `],
    ['', ''],
  ])('password file %j', (text, password) => {
    using dir = folder();
    const path = join(dir.path, 'password');
    writeFileSync(path, text);
    expect(source({ ...unset, OPENDENTAL_SOURCE_PASSWORD_FILE: path }).password).toBe(password);
  });

  test('password and password file exclude each other', () => {
    using dir = folder();
    const path = join(dir.path, 'password');
    writeFileSync(path, SECRET);
    expect(problemsOf({ ...SOURCE, OPENDENTAL_SOURCE_PASSWORD_FILE: path }, ['source'])).toEqual([
      'OPENDENTAL_SOURCE_PASSWORD and OPENDENTAL_SOURCE_PASSWORD_FILE are both set; only one of them can be meant',
    ]);
  });

  test('a password file that is not there', () => {
    expect(problemsOf({ ...unset, OPENDENTAL_SOURCE_PASSWORD_FILE: '/nowhere/password' }, ['source'])).toEqual([
      'OPENDENTAL_SOURCE_PASSWORD_FILE names a file that cannot be read: there is no such file',
    ]);
  });

  test('certificates are read, and verified unless another mode is given', () => {
    using dir = folder();
    const path = join(dir.path, 'ca.pem');
    const ca = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
    writeFileSync(path, ca);
    expect(source({ ...SOURCE, OPENDENTAL_SOURCE_SSL_CA: path }).ssl).toEqual({ mode: 'verify-ca', ca });
    const variables = { ...SOURCE, OPENDENTAL_SOURCE_SSL_CA: path, OPENDENTAL_SOURCE_SSL_MODE: 'verify-full' };
    expect(source(variables).ssl).toEqual({ mode: 'verify-full', ca });
    writeFileSync(path, 'AA==');
    expect(problemsOf({ ...SOURCE, OPENDENTAL_SOURCE_SSL_CA: path }, ['source'])).toEqual([
      'OPENDENTAL_SOURCE_SSL_CA names a file that holds no certificate in PEM form',
    ]);
  });
});

describe('the replica is not the source', () => {
  const SAME =
    "MYSQL_REPLICATION and OPENDENTAL_SOURCE name the same database: the copy would write into the practice's own";
  const replicaOn = (host: string, port: string, database: string): Variables => ({
    ...ALL,
    OPENDENTAL_SOURCE_HOST: 'localhost',
    MYSQL_REPLICATION_HOST: host,
    MYSQL_REPLICATION_PORT: port,
    MYSQL_REPLICATION_DB: database,
  });

  test.each([
    ['localhost', '3306', 'opendental'],
    ['LOCALHOST.', '3306', 'OpenDental'],
    ['127.0.0.1', '3306', 'opendental'],
    ['::1', '3306', 'opendental'],
  ])('%s:%s/%s is the same', (host, port, database) => {
    expect(problemsOf(replicaOn(host, port, database))).toEqual([SAME]);
  });

  test('a database of the same name is refused on any server, because one server has many names', () => {
    const problem = expect.stringMatching(/^MYSQL_REPLICATION_DB has the name of the source's database/);
    expect(problemsOf(replicaOn('10.0.0.7', '3306', 'opendental'))).toEqual([problem]);
    expect(problemsOf(replicaOn('localhost', '3305', 'opendental'))).toEqual([problem]);
  });

  test('another database of the same server is fine', () => {
    expect(
      readConnections(processEnvironment(replicaOn('localhost', '3306', 'opendental_replication'))).replica.port,
    ).toBe(3306);
  });

  test('is checked when only the replica is asked for, too', () => {
    const variables = { ...REPLICA, OPENDENTAL_SOURCE_URL: 'mysql://localhost:3305/opendental_replication' };
    expect(problemsOf(variables, ['replica'])).toEqual([SAME]);
  });
});
