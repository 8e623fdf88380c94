import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { tcpProxy } from '@tidemark/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { markedTable } from './marked-table.ts';
import { openRoom, type Prefix, type Room } from './room.ts';

const PREFIXES: readonly Prefix[] = ['OPENDENTAL_SOURCE', 'MYSQL_REPLICATION', 'POSTGRES_ANALYTICS'];

const EVERYTHING = ['--log-level', 'trace', '--log-format', 'json'];
const CHATTY = { DEBUG: '*', NODE_DEBUG: 'net,tls,stream,fs,timer' };

let room: Room;

beforeAll(async () => {
  room = await openRoom('tables:\n  patient: {incremental_columns: [DateTStamp]}\n');
  await room.pipeline.source.exec(markedTable('patient'));
});

afterAll(async () => {
  await room[Symbol.asyncDispose]();
});

/** Nothing of a connection but what is given. */
function only(given: (prefix: Prefix) => Readonly<Record<string, string>>): Record<string, string> {
  const parts = ['URL', 'HOST', 'PORT', 'DB', 'USER', 'PASSWORD', 'PASSWORD_FILE'];
  return Object.fromEntries(
    PREFIXES.flatMap((prefix) => {
      const variables = { ...Object.fromEntries(parts.map((part) => [part, ''])), ...given(prefix) };
      return Object.entries(variables).map(([part, value]) => [`${prefix}_${part}`, value]);
    }),
  );
}

function write(name: string, text: string): string {
  const path = join(room.folder, name);
  writeFileSync(path, text);
  room.ownFiles.add(path);
  return path;
}

interface Finding {
  readonly area: string;
  readonly check: string;
  readonly level: string;
  readonly message: string;
}

function errorsOf(report: string): string[] {
  const { findings }: { findings: Finding[] } = JSON.parse(report);
  return findings.filter(({ level }) => level === 'error').map(({ area, message }) => `${area}: ${message}`);
}

describe('a right password is told nowhere', () => {
  test('given as a variable', async () => {
    expect(await room.run(['run', ...EVERYTHING], CHATTY)).toMatchObject({ code: 0 });
  });

  test('given in a URL', async () => {
    const urls = only((prefix) => ({ URL: room.urls[prefix] }));
    expect(await room.run(['run', ...EVERYTHING], { ...urls, ...CHATTY })).toMatchObject({ code: 0 });
  });

  test('given in a file, and in a .env file', async () => {
    const file = write('source-password', `${room.passwords.OPENDENTAL_SOURCE}\n`);
    const lines = PREFIXES.slice(1).map((prefix) => `${prefix}_PASSWORD='${room.passwords[prefix]}'\n`);
    const env = write('connections.env', lines.join(''));
    const { stdout, code } = await room.run(['doctor', '--json', '--env-file', env, ...EVERYTHING], {
      OPENDENTAL_SOURCE_PASSWORD: '',
      OPENDENTAL_SOURCE_PASSWORD_FILE: file,
      MYSQL_REPLICATION_PASSWORD: '',
      POSTGRES_ANALYTICS_PASSWORD: '',
      ...CHATTY,
    });
    expect(errorsOf(stdout)).toEqual([]);
    expect(code).toBe(0);
  });
});

describe('a password that is of no use is told nowhere', () => {
  /** Each server gets the password of another one. */
  const wrong = (prefix: Prefix): string => room.passwords[PREFIXES[(PREFIXES.indexOf(prefix) + 1) % 3] ?? prefix];

  test('a wrong one', async () => {
    const swapped = Object.fromEntries(PREFIXES.map((prefix) => [`${prefix}_PASSWORD`, wrong(prefix)]));
    const { stdout, code } = await room.run(['doctor', '--json', ...EVERYTHING], { ...swapped, ...CHATTY });
    expect(code).toBe(2);
    expect(errorsOf(stdout)).toEqual([
      expect.stringMatching(/^source: .*ACCESS_DENIED/),
      expect.stringMatching(/^replica: .*ACCESS_DENIED/),
      expect.stringMatching(/^warehouse: .*ACCESS_DENIED/),
    ]);
  });

  test('a wrong one, told to people', async () => {
    const { stderr, code } = await room.run(['status', '--log-level', 'trace'], {
      MYSQL_REPLICATION_PASSWORD: wrong('MYSQL_REPLICATION'),
    });
    expect(code).toBe(2);
    expect(stderr).toContain('ACCESS_DENIED');
  });

  test('of a server that is not there', async () => {
    const environment = { ...CHATTY, POSTGRES_ANALYTICS_PORT: await closedPort() };
    const { stderr, code } = await room.run(['run', '--retries', '0', '--log-level', 'trace'], environment);
    expect(code).toBe(2);
    expect(stderr).toContain('SERVER_UNREACHABLE');
  });

  test('in the place of another setting', async () => {
    const { stderr, code } = await room.run(['plan', '--log-level', 'trace'], {
      OPENDENTAL_SOURCE_URL: `mysql://user:${room.passwords.OPENDENTAL_SOURCE}@host/db`,
      MYSQL_REPLICATION_PORT: room.passwords.MYSQL_REPLICATION,
      MYSQL_REPLICATION_PASSWORD_FILE: room.passwords.MYSQL_REPLICATION,
      MYSQL_REPLICATION_SSL_MODE: room.passwords.MYSQL_REPLICATION,
      MYSQL_REPLICATION_SSL_CA: room.passwords.MYSQL_REPLICATION,
    });
    expect(code).toBe(2);
    expect(stderr.match(/^ {2}(?:OPENDENTAL|MYSQL)_\w+/gm)).toHaveLength(6);
  });

  test('in the place of a setting of ours', async () => {
    const { stderr, code } = await room.run(['plan'], {
      TIDEMARK_LOG_LEVEL: room.passwords.POSTGRES_ANALYTICS,
      TIDEMARK_JOBS: room.passwords.POSTGRES_ANALYTICS,
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/TIDEMARK_JOBS.*\n.*TIDEMARK_LOG_LEVEL|TIDEMARK_LOG_LEVEL.*\n.*TIDEMARK_JOBS/);
  });

  test('in a file that was taken for tables.yml', async () => {
    const file = write('mistaken.env', `PASS=${room.passwords.OPENDENTAL_SOURCE}\n`);
    expect(await room.run(['plan', '--tables', file])).toMatchObject({ code: 2 });
  });

  test('given to a flag that does not exist', async () => {
    const { stderr, code } = await room.run(['run', `--password=${room.passwords.OPENDENTAL_SOURCE}`]);
    expect(code).toBe(2);
    expect(stderr).toContain('Nonexistent flag: --password (CONFIG_INVALID)');
  });
});

test('neither history nor status nor a file holds anything', async () => {
  expect(await room.leaksInRecords()).toEqual([]);
  expect(room.leaksInFiles()).toEqual([]);
});

/** A port that was open a moment ago. */
async function closedPort(): Promise<string> {
  const proxy = await tcpProxy(room.pipeline.warehouse.endpoint);
  await proxy.stop();
  return String(proxy.port);
}
