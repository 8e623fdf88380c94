import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  createMysqlDatabase,
  createPostgresDatabase,
  startMysql,
  startPostgres,
  type RunningMysqlServer,
  type RunningPostgresServer,
} from '@tidemark/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openCommand, type Command } from '../command.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';

/** The name in the certificate: no server of a test is reached by it. */
const NAME = 'tidemark-proof';
const FLAVOR = { flavor: 'mariadb' } as const;

let folder: string;
let plainMysql: RunningMysqlServer;
let mysql: RunningMysqlServer;
let postgres: RunningPostgresServer;
let pipeline: Pipeline;
let command: Command;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-proof-tls-'));
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  const subject = ['-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME}`];
  const kind = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  execFileSync('openssl', [...kind, ...files, ...subject], { stdio: 'ignore' });
  [plainMysql, mysql, postgres] = await Promise.all([
    startMysql({ ...FLAVOR, name: 'server without TLS', settings: { 'skip-ssl': true } }),
    startMysql({ ...FLAVOR, name: 'server with TLS', identity: { certificate: read('cert'), key: read('key') } }),
    startPostgres({ name: 'warehouse with TLS' }),
  ]);
  await encryptPostgres();
  pipeline = await openPipeline({ source: plainMysql, replica: mysql, warehouse: postgres });
  await pipeline.source.exec('CREATE TABLE visit (VisitNum int NOT NULL PRIMARY KEY)');
  command = openCommand(pipeline, 'tables: {visit: {}}');
});

afterAll(async () => {
  command[Symbol.dispose]();
  await pipeline[Symbol.asyncDispose]();
  await Promise.all([plainMysql.stop(), mysql.stop(), postgres.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

function read(file: 'cert' | 'key'): string {
  return readFileSync(join(folder, `${file}.pem`), 'utf8');
}

/** The files go over SQL: the server may be a container. */
async function encryptPostgres(): Promise<void> {
  await handOver();
  await postgres.restart();
}

async function handOver(): Promise<void> {
  await using database = await createPostgresDatabase(postgres);
  for (const file of ['cert', 'key'] as const) {
    const lines = `unnest(string_to_array('${read(file)}', E'\\n'))`;
    await database.exec(`COPY (SELECT ${lines}) TO PROGRAM 'umask 077; cat > ${file}.pem'`);
  }
  await database.exec(`ALTER SYSTEM SET ssl_cert_file = 'cert.pem'`);
  await database.exec(`ALTER SYSTEM SET ssl_key_file = 'key.pem'`);
  await database.exec('ALTER SYSTEM SET ssl = on');
}

/** What doctor says of the connections, by area; it goes on after each that it cannot open. */
async function connections(environment: Readonly<Record<string, string>>) {
  const { code, stdout } = await command.run(['doctor', '--json'], environment);
  const { findings }: { findings: { area: string; check: string; message: string; mend: string }[] } =
    JSON.parse(stdout);
  const found = findings.filter(({ check }) => check === 'connection');
  return { code, found: Object.fromEntries(found.map(({ area, message, mend }) => [area, { message, mend }])) };
}

const refused = (message: RegExp, mend: RegExp) => ({
  message: expect.stringMatching(new RegExp(`${message.source}.* \\(CONFIG_INVALID\\)$`)),
  mend: expect.stringMatching(mend),
});

const MODES = ['OPENDENTAL_SOURCE', 'MYSQL_REPLICATION', 'POSTGRES_ANALYTICS'].map((prefix) => `${prefix}_SSL_MODE`);

function allIn(mode: string): Record<string, string> {
  return Object.fromEntries(MODES.map((name) => [name, mode]));
}

test('TLS is asked for: a server without it is told, the others are used', async () => {
  const { code, found } = await connections(allIn('required'));
  expect({ code, found }).toEqual({ code: 2, found: { source: refused(/does not offer/, /SSL_MODE .*disabled/) } });
});

test('preferred is content with none', async () => {
  expect(await connections(allIn('preferred'))).toMatchObject({ found: {} });
});

test('a certificate that nobody vouches for', async () => {
  const { found } = await connections({ ...allIn('verify-full'), OPENDENTAL_SOURCE_SSL_MODE: 'disabled' });
  const told = refused(/certificate .*not signed by an authority that is trusted/, /SSL_CA/);
  expect(found).toEqual({ replica: told, warehouse: told });
});

describe('with the authority', () => {
  const authority = () => ({
    MYSQL_REPLICATION_SSL_CA: join(folder, 'cert.pem'),
    POSTGRES_ANALYTICS_SSL_CA: join(folder, 'cert.pem'),
  });

  test('the certificate is made out to another name', async () => {
    const modes = { MYSQL_REPLICATION_SSL_MODE: 'verify-full', POSTGRES_ANALYTICS_SSL_MODE: 'verify-full' };
    const { found } = await connections({ ...authority(), ...modes });
    const told = refused(/certificate .*another name/, /HOST .*verify-ca/);
    expect(found).toEqual({ replica: told, warehouse: told });
  });

  test('what the hint says mends it', async () => {
    expect((await connections(authority())).found).toEqual({});
  });
});

test('PostgreSQL admits encrypted connections only', async () => {
  const { database } = pipeline.warehouse.endpoint;
  // The test itself drops its databases from that of the administrator.
  const admit = async (kind: string): Promise<void> => {
    const lines = [`${kind} ${database} all all scram-sha-256`, 'host postgres all all scram-sha-256'];
    await pipeline.warehouse.exec(
      `COPY (SELECT unnest('{${lines.join(',')}}'::text[])) TO PROGRAM 'cat > pg_hba.conf'; SELECT pg_reload_conf()`,
    );
  };
  await admit('hostssl');
  try {
    const { code, stdout } = await command.run(['status', '--json']);
    const { error } = JSON.parse(stdout);
    expect({ code, error }).toEqual({
      code: 2,
      error: {
        code: 'CONFIG_INVALID',
        message: 'warehouse: the server takes no unencrypted connection of this user from this machine',
        hint: expect.stringMatching(/SSL_MODE .*required/),
      },
    });
    expect((await connections({ POSTGRES_ANALYTICS_SSL_MODE: 'required' })).found).toEqual({});
  } finally {
    await admit('host');
  }
});

test('MariaDB refuses a user that must encrypt in the words of a wrong password: the hint names both', async () => {
  await using database = await createMysqlDatabase(mysql);
  await database.exec(`CREATE USER 'shy'@'%' IDENTIFIED BY 'p' REQUIRE SSL; GRANT ALL ON *.* TO 'shy'@'%'`);
  const shy = { MYSQL_REPLICATION_USER: 'shy', MYSQL_REPLICATION_PASSWORD: 'p' };
  const { found } = await connections(shy);
  expect(found).toMatchObject({ replica: { mend: expect.stringMatching(/PASSWORD .*SSL_MODE/) } });
  expect((await connections({ ...shy, MYSQL_REPLICATION_SSL_MODE: 'required' })).found).toEqual({});
  await database.exec(`DROP USER 'shy'@'%'`);
});
