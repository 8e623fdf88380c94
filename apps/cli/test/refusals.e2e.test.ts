import { once } from 'node:events';
import { createServer } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openPractice, sourceUser, TABLES, type Practice } from './testing/practice.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await openPractice();
  await practice.run(['migrate']);
});

afterAll(async () => {
  await practice[Symbol.asyncDispose]();
});

/** Runs with --json and gives exit code and error. */
async function refusal(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, stdout } = await practice.run([...args, '--json'], env);
  const { error, ...rest } = JSON.parse(stdout);
  expect(rest).toEqual({});
  expect(Object.keys(error)).toEqual(['code', 'message', 'hint']);
  return { code, error };
}

/** A port that was free a moment ago. */
async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? String(address.port) : '';
}

describe('nothing is begun, exit code 2', () => {
  it('for a wrong password', async () => {
    const { code, error } = await refusal(['run'], { OPENDENTAL_SOURCE_PASSWORD: 'not-the-password' });
    expect(code).toBe(2);
    expect(error).toMatchObject({ code: 'ACCESS_DENIED', message: expect.stringContaining('source') });
  });

  it.each(['OPENDENTAL_SOURCE', 'MYSQL_REPLICATION', 'POSTGRES_ANALYTICS'])(
    'for a server that is not there: %s',
    async (prefix) => {
      const { code, error } = await refusal(['run'], {
        [`${prefix}_HOST`]: '127.0.0.1',
        [`${prefix}_PORT`]: await closedPort(),
      });
      expect({ code, error }).toMatchObject({ code: 2, error: { code: 'SERVER_UNREACHABLE' } });
    },
  );

  it('for a database that does not exist', async () => {
    const { code, error } = await refusal(['run'], { MYSQL_REPLICATION_DB: 'cli_no_such_database' });
    expect({ code, error }).toMatchObject({ code: 2, error: { code: 'DATABASE_MISSING' } });
  });

  it('for a table that does not exist, with what may have been meant', async () => {
    const { code, error } = await refusal(['run', 'pateint']);
    expect({ code, error }).toMatchObject({ code: 2, error: { code: 'TABLE_UNKNOWN', hint: 'Did you mean patient?' } });
  });

  it('for a wrong tables.yml, with line and column', async () => {
    practice.writeTables('tables:\n  patient:\n    batch_size: many\n');
    const { code, stderr } = await practice.run(['plan']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/tables\.yml:3:17 .*batch_size.*\(CONFIG_INVALID\)\n {2}→ /);
    practice.writeTables(TABLES);
  });

  it('for a flag that does not exist', async () => {
    expect(await refusal(['run', '--bogus'])).toMatchObject({ code: 2, error: { code: 'CONFIG_INVALID' } });
    expect(await practice.run(['nope'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('for connections that are not set', async () => {
    const { code, error } = await refusal(['status'], { MYSQL_REPLICATION_HOST: '' });
    expect(code).toBe(2);
    expect(error.message).toContain('MYSQL_REPLICATION_HOST');
  });
});

describe('a table that may not be read', () => {
  it('fails alone, with exit code 1 and a hint', async () => {
    const { database } = practice.source.endpoint;
    const user = await sourceUser(practice, [
      `SELECT ON \`${database}\`.patient`,
      `SELECT (RecallNum) ON \`${database}\`.recall`,
    ]);
    const { code, stdout } = await practice.run(['copy', 'patient', 'recall', '--json'], user);
    expect(code).toBe(1);
    const { tables } = JSON.parse(stdout);
    expect(tables).toMatchObject([
      { table: 'patient', status: 'success' },
      { table: 'recall', status: 'failed' },
    ]);
  });
});

describe('a table that some columns of are hidden', () => {
  it('is not told to have lost them', async () => {
    await practice.run(['run', 'recall']);
    const { database } = practice.source.endpoint;
    const user = await sourceUser(practice, [
      `SELECT ON \`${database}\`.patient`,
      `SELECT (RecallNum, DateTStamp) ON \`${database}\`.recall`,
    ]);
    const words = 'source: the user may not read all columns of the table';
    const { stdout } = await practice.run(['plan', 'recall', 'patient', '--json'], user);
    expect(JSON.parse(stdout).tables).toMatchObject([
      { table: 'patient', status: 'planned' },
      {
        table: 'recall',
        status: 'skipped',
        reason: `${words} (RIGHT_MISSING). Give it the whole table: GRANT SELECT ON \`${database}\`.\`recall\` TO …; (\`tidemark doctor\` says to whom).`,
      },
    ]);
    for (const command of ['copy', 'verify']) {
      const done = await practice.run([command, 'recall', '--json'], user);
      expect(JSON.parse(done.stdout)).toMatchObject({
        tables: [{ table: 'recall', error: { code: 'RIGHT_MISSING', message: words } }],
      });
    }
  });
});

describe('a name that fits two tables of the source', () => {
  beforeAll(async () => {
    await practice.source.exec('CREATE TABLE Sheet (Id int PRIMARY KEY); CREATE TABLE SHEET (Id int PRIMARY KEY)');
    practice.writeTables(`${TABLES}  sheet: {}\n`);
  });
  afterAll(async () => {
    await practice.source.exec('DROP TABLE Sheet, SHEET');
    practice.writeTables(TABLES);
  });
  const error = {
    code: 'CONFIG_INVALID',
    message: 'its name fits several tables of the source that differ in case only: SHEET, Sheet',
    hint: 'Write it in tables.yml as the source spells it.',
  };

  it.each(['run', 'copy'])('%s fails at it alone', async (command) => {
    const { code, stdout } = await practice.run([command, '--json']);
    const { ok, tables } = JSON.parse(stdout);
    expect({ code, ok }).toEqual({ code: 1, ok: false });
    expect(tables).toContainEqual(expect.objectContaining({ table: 'sheet', hop: 'copy', status: 'failed', error }));
    expect(tables).toContainEqual(expect.objectContaining({ table: 'recall', hop: 'copy', status: 'success' }));
    if (command === 'copy') return;
    const reason = 'not loaded, because it was not copied';
    expect(tables).toContainEqual(expect.objectContaining({ table: 'sheet', hop: 'load', status: 'skipped', reason }));
    const { stdout: told, stderr } = await practice.run(['run', 'sheet']);
    expect(told).toContain('copy failed: sheet\n  its name fits several tables');
    expect(told).toContain('1 table, 0 ok, 1 failed');
    expect(stderr).toContain('sheet');
  });

  it('verify proves nothing of it', async () => {
    await practice.run(['run']);
    const { code, stdout } = await practice.run(['verify', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).tables).toContainEqual(
      expect.objectContaining({ table: 'sheet', verdict: 'skipped', error }),
    );
  });

  it('plan says what to do, and doctor too', async () => {
    const { stdout } = await practice.run(['plan', 'sheet', '--json']);
    const reason = `${error.message} (${error.code}). ${error.hint}`;
    expect(JSON.parse(stdout).tables).toMatchObject([{ table: 'sheet', status: 'skipped', reason }]);
    const { code, stdout: found } = await practice.run(['doctor', '--json']);
    expect({ code, ...JSON.parse(found) }).toMatchObject({
      code: 1,
      findings: expect.arrayContaining([
        {
          area: 'coverage',
          check: 'ambiguous-name',
          level: 'error',
          message: `sheet: ${error.message}`,
          mend: error.hint,
        },
      ]),
    });
  });
});

describe('a key column that does not exist', () => {
  beforeAll(() => practice.writeTables(TABLES.replace('recall: {', 'recall: {primary_key: RecalNum, ')));
  afterAll(() => practice.writeTables(TABLES));
  const words = 'key column RecalNum is not in the source table';

  it('is told of its table, and the others are planned', async () => {
    const { code, stdout } = await practice.run(['plan', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).tables).toMatchObject([
      { table: 'patient', status: 'planned' },
      {
        table: 'recall',
        status: 'skipped',
        reason: `${words} (CONFIG_INVALID). Correct primary_key of this table in tables.yml.`,
      },
      { table: 'program', status: 'planned' },
    ]);
  });

  it('is told by verify as what it is, and by doctor', async () => {
    await practice.run(['run', 'patient']);
    const { stdout } = await practice.run(['verify', 'patient', 'recall', '--json']);
    expect(JSON.parse(stdout).tables).toMatchObject([
      { table: 'patient', verdict: 'match' },
      { table: 'recall', error: { code: 'CONFIG_INVALID', message: words } },
    ]);
    const { code, stdout: findings } = await practice.run(['doctor']);
    expect(code).toBe(1);
    expect(findings).toContain('names columns that are not in the source in 1 table: recall (RecalNum)');
  });
});

describe('doctor', () => {
  it('finds nothing in the way where all is well, and warns of a user who may write', async () => {
    const { code, stdout } = await practice.run(['doctor', '--json']);
    const { ok, findings } = JSON.parse(stdout);
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(findings).toContainEqual(expect.objectContaining({ area: 'source', check: 'read-only', level: 'warning' }));
    expect(findings).toContainEqual(expect.objectContaining({ area: 'replica', check: 'rights', level: 'ok' }));
    expect(findings).toContainEqual(expect.objectContaining({ area: 'warehouse', check: 'rights', level: 'ok' }));
    expect(await practice.replica.query("SHOW TABLES LIKE '%doctor%'")).toEqual([]);
  });

  it('tells the right that is missing and the GRANT that mends it', async () => {
    const { database } = practice.source.endpoint;
    const user = await sourceUser(practice, [
      `SELECT ON \`${database}\`.patient`,
      `SELECT ON \`${database}\`.program`,
      `SELECT (RecallNum) ON \`${database}\`.recall`,
    ]);
    const { code, stdout } = await practice.run(['doctor'], user);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /error {4}1 table cannot be read: recall\n {11}→ GRANT SELECT ON `cli_source\w*`\.\* TO 'cli_/,
    );
    expect(stdout).toContain('the user may not write, as it should be');
  });

  it('exits 2 when a database cannot be reached, and still looks at the others', async () => {
    const { code, stdout } = await practice.run(['doctor', '--json'], {
      OPENDENTAL_SOURCE_PASSWORD: 'not-the-password',
    });
    const { ok, findings } = JSON.parse(stdout);
    expect({ code, ok }).toEqual({ code: 2, ok: false });
    expect(findings).toContainEqual(expect.objectContaining({ area: 'source', check: 'connection', level: 'error' }));
    expect(findings).toContainEqual(expect.objectContaining({ area: 'warehouse', check: 'tracking', level: 'ok' }));
  });
});
