import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { openPractice, type Practice } from './testing/practice.ts';

let practice: Practice;
const user = `secured_${randomBytes(6).toString('hex')}`;
const password = randomBytes(12).toString('hex');
const AS_USER = { POSTGRES_ANALYTICS_USER: user, POSTGRES_ANALYTICS_PASSWORD: password };

beforeAll(async () => {
  practice = await openPractice();
  await practice.run(['migrate']);
  await practice.run(['run', 'patient', 'recall']);
  await practice.warehouse.exec(`
    CREATE ROLE ${user} LOGIN PASSWORD '${password}';
    GRANT USAGE, CREATE ON SCHEMA raw TO ${user};
    GRANT ALL ON ALL TABLES IN SCHEMA raw TO ${user};
    GRANT ALL ON ALL SEQUENCES IN SCHEMA raw TO ${user};
    ALTER TABLE raw.patient ENABLE ROW LEVEL SECURITY;
    CREATE POLICY half ON raw.patient TO ${user} USING ("PatNum" % 2 = 0)`);
});

afterAll(async () => {
  await practice.warehouse.exec(`DROP OWNED BY ${user}; DROP ROLE ${user}`);
  await practice[Symbol.asyncDispose]();
});

async function report(args: readonly string[]) {
  const { code, stdout } = await practice.run([...args, '--json'], AS_USER);
  return { code, ...JSON.parse(stdout) };
}

const HIDDEN = {
  code: 'RIGHT_MISSING',
  message: 'warehouse: row level security of raw.patient hides rows from this user, or refuses some',
  hint: expect.stringContaining(
    `\`ALTER ROLE "${user}" BYPASSRLS;\`, or let its owner run \`CREATE POLICY tidemark ON "raw"."patient" TO "${user}" USING (true);\``,
  ),
};

it.each([
  [['load']],
  [['load', '--full-refresh']],
  [['verify']],
  [['verify', '--since', '30d']],
  [['verify', '--repair']],
])('rows that are hidden from us are told as a right that is missing: %j', async (args) => {
  await practice.source.exec('UPDATE patient SET Birthdate = Birthdate + INTERVAL 1 DAY WHERE PatNum < 10');
  await practice.run(['copy', 'patient']);
  const { code, tables } = await report([...args, 'patient', 'recall']);
  expect(code).toBe(1);
  const byName = Object.fromEntries(tables.map((table: { table: string }) => [table.table, table]));
  expect(byName['patient']).toMatchObject({ error: HIDDEN });
  expect(byName['recall']).not.toHaveProperty('error');
  const [{ n } = { n: '' }] = await practice.warehouse.query<{ n: string }>('SELECT count(*) AS n FROM raw.patient');
  expect(n).toBe('300');
});

it('doctor names the table and what opens it', async () => {
  const { code, findings } = await report(['doctor']);
  expect(code).toBe(1);
  expect(findings).toContainEqual({
    area: 'warehouse',
    check: 'row-security',
    level: 'error',
    message: 'row level security hides rows of 1 table from the user, or refuses some: patient',
    mend: `ALTER ROLE "${user}" BYPASSRLS; or for each: CREATE POLICY tidemark ON "raw"."patient" TO "${user}" USING (true);`,
  });
});

it('records that are hidden end what reads them, instead of being taken for none', async () => {
  await practice.warehouse.exec('ALTER TABLE raw.etl_load_status ENABLE ROW LEVEL SECURITY');
  for (const command of ['status', 'verify', 'load']) {
    expect(await report([command])).toMatchObject({
      code: 2,
      error: { code: 'RIGHT_MISSING', message: expect.stringContaining('raw.etl_load_status') },
    });
  }
  await practice.warehouse.exec('ALTER TABLE raw.etl_load_status DISABLE ROW LEVEL SECURITY');
});

it('a restrictive policy is not opened by another one', async () => {
  await practice.warehouse.exec(`
    CREATE POLICY tidemark ON raw.patient TO ${user} USING (true);
    CREATE POLICY less ON raw.patient AS RESTRICTIVE TO ${user} USING ("PatNum" > 5)`);
  const { tables } = await report(['load', 'patient']);
  expect(tables[0].error).toMatchObject({ code: 'RIGHT_MISSING', hint: expect.not.stringContaining('POLICY') });
  await practice.warehouse.exec('DROP POLICY less ON raw.patient; DROP POLICY tidemark ON raw.patient');
});

it('a policy for reading alone does not let rows in', async () => {
  await practice.warehouse.exec(`CREATE POLICY reading ON raw.patient FOR SELECT TO ${user} USING (true)`);
  const { tables } = await report(['load', 'patient']);
  expect(tables[0].error).toMatchObject(HIDDEN);
  await practice.warehouse.exec('DROP POLICY reading ON raw.patient');
});

it('what the hint says mends it, also where raw is empty and COPY would be refused', async () => {
  await practice.warehouse.exec(`CREATE POLICY tidemark ON raw.patient TO ${user} USING (true)`);
  expect(await report(['load', 'patient'])).toMatchObject({ code: 0 });
  expect(await report(['verify', 'patient'])).toMatchObject({ code: 0, tables: [{ verdict: 'match' }] });
  await practice.warehouse.exec('TRUNCATE raw.patient');
  expect(await report(['load', 'patient'])).toMatchObject({ code: 0, tables: [{ rowsInserted: 300 }] });
  expect(await report(['verify', 'patient'])).toMatchObject({ code: 0, tables: [{ verdict: 'match' }] });
  await practice.warehouse.exec('DROP POLICY tidemark ON raw.patient');
  await practice.warehouse.exec(`ALTER ROLE ${user} BYPASSRLS`);
  expect(await report(['verify', 'patient'])).toMatchObject({ code: 0, tables: [{ verdict: 'match' }] });
  const { findings } = await report(['doctor']);
  expect(findings).not.toContainEqual(expect.objectContaining({ check: 'row-security' }));
});
