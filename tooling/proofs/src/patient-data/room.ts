import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TestDatabase } from '@tidemark/testkit';
import { TRACKING_TABLES } from '@tidemark/tracking';
import { expect } from 'vitest';

import { openCommand, type CommandEnd, type RunningCommand } from '../command.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import { leaksIn, patternsOf } from './canaries.ts';

/** Distinctive, and with characters that a URL, JSON or a shell would write in another way. */
const PASSWORDS = {
  OPENDENTAL_SOURCE: 'Hush-s0urce@/:?#%"é',
  MYSQL_REPLICATION: 'Hush-repl1ca@/:?#%"é',
  POSTGRES_ANALYTICS: 'Hush-wareh0use@/:?#%"é',
} as const;

export type Prefix = keyof typeof PASSWORDS;

/** A pipeline whose users have passwords worth hiding, and the command in folders of its own, all of it watched. */
export interface Room extends AsyncDisposable {
  readonly pipeline: Pipeline;
  /** Where the command runs, with tables.yml. */
  readonly folder: string;
  readonly passwords: Readonly<Record<Prefix, string>>;
  readonly urls: Readonly<Record<Prefix, string>>;
  /** Runs the command and requires that neither stream tells anything. */
  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<CommandEnd>;
  start(args: readonly string[], environment?: Readonly<Record<string, string>>): RunningCommand;
  /** Canaries, passwords and URLs in a text. */
  leaksIn(text: string): string[];
  /** The same in names and contents of the files of its folder, its home and its temporary folder. */
  leaksInFiles(): string[];
  /** The same in history and status. */
  leaksInRecords(): Promise<string[]>;
  /** Files that the tests put there themselves. */
  readonly ownFiles: Set<string>;
}

export async function openRoom(tablesYml: string): Promise<Room> {
  const pipeline = await openPipeline();
  const accounts = await createAccounts(pipeline);
  const command = openCommand({ environment: { ...pipeline.environment, ...accounts.variables } }, tablesYml);
  const outside = mkdtempSync(join(tmpdir(), 'tidemark-patient-data-'));
  const home = join(outside, 'home');
  const temporary = join(outside, 'tmp');
  mkdirSync(home);
  mkdirSync(temporary);
  const secrets = [...Object.values(PASSWORDS), ...Object.values(accounts.urls)].flatMap(patternsOf);
  const told = (text: string): string[] => [...leaksIn(text), ...leaksIn(text, secrets)];
  const ownFiles = new Set<string>();
  const start: Room['start'] = (args, environment = {}) =>
    command.start(args, { HOME: home, TMPDIR: temporary, ...environment });
  return {
    pipeline,
    folder: command.folder,
    passwords: PASSWORDS,
    urls: accounts.urls,
    start,
    run: async (args, environment) => {
      const end = await start(args, environment).ended;
      expect([...told(end.stdout), ...told(end.stderr)]).toEqual([]);
      return end;
    },
    ownFiles,
    leaksIn: told,
    leaksInFiles: () =>
      [...filesIn(command.folder), ...filesIn(outside)]
        .filter((path) => !ownFiles.has(path))
        .flatMap((path) => told(`${path}\n${readFileSync(path, 'latin1')}`)),
    leaksInRecords: async () => told(await recordsOf(pipeline)),
    [Symbol.asyncDispose]: async () => {
      command[Symbol.dispose]();
      rmSync(outside, { recursive: true, force: true });
      await accounts[Symbol.asyncDispose]();
      await pipeline[Symbol.asyncDispose]();
    },
  };
}

interface Accounts extends AsyncDisposable {
  readonly variables: Readonly<Record<string, string>>;
  readonly urls: Readonly<Record<Prefix, string>>;
}

/** A user in each database; of the source it may only read. */
async function createAccounts({ source, replica, warehouse }: Pipeline): Promise<Accounts> {
  const user = `hush_${source.endpoint.database.slice(-12)}`;
  await createMysqlUser(source, user, PASSWORDS.OPENDENTAL_SOURCE, 'SELECT');
  await createMysqlUser(replica, user, PASSWORDS.MYSQL_REPLICATION, 'ALL');
  const { database } = warehouse.endpoint;
  await warehouse.exec(`
    CREATE ROLE ${user} LOGIN PASSWORD '${PASSWORDS.POSTGRES_ANALYTICS}';
    GRANT ALL ON DATABASE "${database}" TO ${user};
    GRANT ALL ON SCHEMA raw TO ${user}`);
  const tables = await warehouse.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'raw'`,
  );
  for (const { name } of tables) await warehouse.exec(`ALTER TABLE raw.${name} OWNER TO ${user}`);
  return {
    variables: Object.fromEntries(
      Object.entries(PASSWORDS).flatMap(([prefix, password]) => [
        [`${prefix}_USER`, user],
        [`${prefix}_PASSWORD`, password],
      ]),
    ),
    urls: {
      OPENDENTAL_SOURCE: urlOf('mysql', source, { user, password: PASSWORDS.OPENDENTAL_SOURCE }),
      MYSQL_REPLICATION: urlOf('mysql', replica, { user, password: PASSWORDS.MYSQL_REPLICATION }),
      POSTGRES_ANALYTICS: urlOf('postgres', warehouse, { user, password: PASSWORDS.POSTGRES_ANALYTICS }),
    },
    [Symbol.asyncDispose]: async () => {
      await source.exec(`DROP USER '${user}'@'%'`);
      await replica.exec(`DROP USER IF EXISTS '${user}'@'%'`);
      await warehouse.exec(`REASSIGN OWNED BY ${user} TO CURRENT_USER; DROP OWNED BY ${user}; DROP ROLE ${user}`);
    },
  };
}

async function createMysqlUser(at: TestDatabase, user: string, password: string, rights: string): Promise<void> {
  await at.query(`CREATE USER '${user}'@'%' IDENTIFIED BY ?`, [password]);
  await at.exec(`GRANT ${rights} ON \`${at.endpoint.database}\`.* TO '${user}'@'%'`);
}

function urlOf(scheme: string, { endpoint }: TestDatabase, account: { user: string; password: string }): string {
  const { host, port, database } = endpoint;
  return `${scheme}://${account.user}:${encodeURIComponent(account.password)}@${host}:${port}/${database}`;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** By design marks of the data, which stay where the data is: they are left out. */
const MARKS = new Set(['watermarks', 'highest_key', 'resume_point']);

/** All that the tracking tables say. The tombstones are rows of the data. */
async function recordsOf({ replica, warehouse }: Pipeline): Promise<string> {
  const { copyStatus, loadStatus, transformStatus, runHistory, verification } = TRACKING_TABLES;
  const rows = [
    ...(await replica.query(`SELECT * FROM ${copyStatus}`)),
    ...(await replica.query(`SELECT * FROM ${runHistory}`)),
    ...(await warehouse.query(`SELECT * FROM raw.${loadStatus}`)),
    ...(await warehouse.query(`SELECT * FROM raw.${transformStatus}`)),
    ...(await warehouse.query(`SELECT * FROM raw.${runHistory}`)),
    ...(await warehouse.query(`SELECT * FROM raw.${verification}`)),
  ];
  return JSON.stringify(rows, (name, value: unknown) => (MARKS.has(name) ? null : value));
}
