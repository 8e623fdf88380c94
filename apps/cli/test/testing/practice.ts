import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  createMysqlDatabase,
  createPostgresDatabase,
  testServers,
  type DatabaseEndpoint,
  type TestDatabase,
} from '@tidemark/testkit';
import { expect } from 'vitest';

import { runCli, startCli, type CliResult, type RunningCli } from './run-cli.ts';

/** Stands in rows of every table and must never stand in any output (promise P8). */
export const ROW_VALUE = 'Zyzzyva';

/** A source with a few tables, an empty replica and warehouse, a folder with tables.yml, and the command before them. */
export interface Practice extends AsyncDisposable {
  readonly source: TestDatabase;
  readonly replica: TestDatabase;
  readonly warehouse: TestDatabase;
  readonly folder: string;
  /** Runs the command and requires that its output holds no row value and no password. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliResult>;
  /** With stderr into a file. */
  runLoggingTo(file: string, args: readonly string[]): Promise<CliResult>;
  /** On a terminal: stdout is all that is shown on it. */
  runInTerminal(args: readonly string[]): Promise<CliResult>;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): RunningCli;
  writeTables(yaml: string): void;
}

const SOURCE = `
  CREATE TABLE patient (
    PatNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    LName varchar(100),
    Birthdate date NOT NULL DEFAULT '0001-01-01',
    DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp
  ) ENGINE = MyISAM;
  INSERT INTO patient (LName) VALUES ${rows(300)};
  CREATE TABLE recall (
    RecallNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    Note text,
    DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp
  ) ENGINE = MyISAM;
  INSERT INTO recall (Note) VALUES ${rows(20)};
  CREATE TABLE program (ProgramNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, ProgName varchar(100)) ENGINE = MyISAM;
  INSERT INTO program (ProgName) VALUES ${rows(5)};
  CREATE TABLE keyless (Name varchar(100)) ENGINE = MyISAM;
  INSERT INTO keyless VALUES ${rows(2)};`;

export const TABLES = `
tables:
  patient: {incremental_columns: [DateTStamp], tags: [people]}
  recall: {incremental_columns: [DateTStamp]}
  program: {}
`;

function rows(count: number): string {
  return Array.from({ length: count }, () => `('${ROW_VALUE}')`).join(',');
}

export async function openPractice(): Promise<Practice> {
  const servers = testServers();
  const source = await createMysqlDatabase(servers.source, 'cli_source');
  const replica = await createMysqlDatabase(servers.replica, 'cli_replica');
  const warehouse = await createPostgresDatabase(servers.warehouse, 'cli_warehouse');
  await source.exec(SOURCE);
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-cli-'));
  const writeTables = (yaml: string): void => writeFileSync(join(folder, 'tables.yml'), yaml);
  writeTables(TABLES);
  const connections = {
    ...connection('OPENDENTAL_SOURCE', source.endpoint),
    ...connection('MYSQL_REPLICATION', replica.endpoint),
    ...connection('POSTGRES_ANALYTICS', warehouse.endpoint),
  };
  const options = (env: Readonly<Record<string, string>>) => ({ env: { ...connections, ...env }, cwd: folder });
  return {
    source,
    replica,
    warehouse,
    folder,
    run: async (args, env = {}) => {
      const result = await runCli(args, options(env));
      expectNothingPrivate(result, { ...connections, ...env });
      return result;
    },
    runLoggingTo: (file, args) => runCli(args, { ...options({}), stderrTo: file }),
    runInTerminal: (args) => runCli(args, { ...options({ TERM: 'xterm' }), inTerminal: true }),
    start: (args, env = {}) => startCli(args, options(env)),
    writeTables,
    [Symbol.asyncDispose]: async () => {
      rmSync(folder, { recursive: true, force: true });
      await Promise.all([source, replica, warehouse].map((database) => database[Symbol.asyncDispose]()));
    },
  };
}

/** The variables of one connection. */
export function connection(prefix: string, endpoint: DatabaseEndpoint): Record<string, string> {
  return {
    [`${prefix}_HOST`]: endpoint.host,
    [`${prefix}_PORT`]: String(endpoint.port),
    [`${prefix}_USER`]: endpoint.user,
    [`${prefix}_PASSWORD`]: endpoint.password,
    [`${prefix}_DB`]: endpoint.database,
  };
}

/** A user of the source with the given rights only; its variables. */
export async function sourceUser(practice: Practice, grants: readonly string[]): Promise<Record<string, string>> {
  const name = `cli_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  await practice.source.exec(`CREATE USER '${name}'@'%' IDENTIFIED BY '${password}'`);
  for (const grant of grants) await practice.source.exec(`GRANT ${grant} TO '${name}'@'%'`);
  return { OPENDENTAL_SOURCE_USER: name, OPENDENTAL_SOURCE_PASSWORD: password };
}

function expectNothingPrivate({ stdout, stderr }: CliResult, env: Readonly<Record<string, string>>): void {
  const printed = stdout + stderr;
  expect(printed).not.toContain(ROW_VALUE);
  expect(printed).not.toMatch(/\bundefined\b|\bNaN\b|\[object/);
  for (const [name, value] of Object.entries(env)) {
    // Passwords of test servers may be short words that stand in any text.
    if (name.endsWith('_PASSWORD') && value.length > 8) expect(printed).not.toContain(value);
  }
}
