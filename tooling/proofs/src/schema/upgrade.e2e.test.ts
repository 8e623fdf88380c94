import { buildClinic, CLINIC_TABLES, tablesYml } from '@tidemark/sample-clinic';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openCommand, type Command, type CommandEnd } from '../command.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import { columnsOfRaw } from './studied-table.ts';
import { dropAside, MOVED_TABLES, moveBack, OLDER_RELEASE, setAside, SMALL_STEPS } from './upgrade-script.ts';

const PATIENTS = 12;
const NAMES = CLINIC_TABLES.map(({ name }) => name);

let pipeline: Pipeline;
let command: Command;

beforeAll(async () => {
  pipeline = await openPipeline();
  command = openCommand(pipeline, tablesYml({ patients: PATIENTS }));
  const connection = await createConnection({ ...pipeline.source.endpoint, multipleStatements: true });
  try {
    await buildClinic(connection, { seed: 24, patients: PATIENTS, rowsTarget: 2_500, dataBaseVersion: '24.1.60.0' });
    await connection.query(OLDER_RELEASE);
  } finally {
    await connection.end();
  }
}, 120_000);

afterAll(async () => {
  command?.[Symbol.dispose]();
  await pipeline?.[Symbol.asyncDispose]();
});

interface TableReport {
  readonly table: string;
  readonly hop: string;
  readonly status: string;
  readonly rowsDeleted: number;
  readonly error?: { readonly code: string; readonly hint: string };
}

interface Ran {
  readonly end: CommandEnd;
  readonly tables: readonly TableReport[];
  /** `table hop CODE` of what failed. */
  readonly failed: readonly string[];
}

async function tidemark(...args: string[]): Promise<Ran> {
  const end = await command.run([...args, '--json', '--jobs', '4']);
  const { tables }: { tables: TableReport[] } = JSON.parse(end.stdout);
  const failed = tables.flatMap(({ table, hop, error }) => (error ? [`${table} ${hop} ${error.code}`] : []));
  return { end, tables, failed: failed.toSorted() };
}

async function buildViews(...tables: readonly string[]): Promise<void> {
  await pipeline.warehouse.exec('CREATE SCHEMA IF NOT EXISTS analytics');
  for (const table of tables) {
    const list = (await columnsOfRaw(pipeline, table)).map((name) => `"${name}"`).join(', ');
    await pipeline.warehouse.exec(`CREATE OR REPLACE VIEW analytics.stg_${table} AS SELECT ${list} FROM raw.${table}`);
  }
}

async function rowsIn(relation: string): Promise<number | undefined> {
  const [row] = await pipeline.warehouse.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${relation}`);
  return row?.n;
}

async function rowsInAll(): Promise<Record<string, number | undefined>> {
  const counted = [];
  for (const name of NAMES) counted.push([name, await rowsIn(`analytics.stg_${name}`)]);
  return Object.fromEntries(counted);
}

/** What the error of a table says, to the letter; a command that fails ends the test. */
async function doAsTold({ table, error }: TableReport): Promise<void> {
  for (const [, told = ''] of (error?.hint ?? '').matchAll(/`([^`]+)`/g)) {
    if (told === 'dbt run') await buildViews(table);
    else if (told.startsWith('tidemark ')) await requireSuccess(told);
    else await pipeline.warehouse.exec(told);
  }
}

async function requireSuccess(told: string): Promise<void> {
  const { failed } = await tidemark(...told.split(' ').slice(1));
  if (failed.length > 0) throw new Error(`${told}: ${failed.join(', ')}`);
}

const NEEDS_HELP = [
  'document load SCHEMA_INCOMPATIBLE',
  'procedurelog load SCHEMA_INCOMPATIBLE',
  'sheetfield copy SCHEMA_INCOMPATIBLE',
];

// The whole of it: upgrade-signs.ts, hold-marks.ts, recorded-structure.ts, reconcile-replica.ts, alter-raw.ts
describe('an upgrade of OpenDental, from one release to the next, with runs before, during and after it', () => {
  test(
    'follows it by itself where that is safe, and says what to run where it is not',
    { timeout: 240_000 },
    async () => {
      const { source } = pipeline;
      expect(await tidemark('run')).toMatchObject({ end: { code: 0 }, failed: [] });
      await buildViews(...NAMES);
      const before = await rowsInAll();

      // The upgrade begins: big tables are set aside, and half of their rows are back.
      for (const moved of MOVED_TABLES) {
        await setAside(source, moved);
        await moveBack(source, moved, 'second');
      }
      await source.exec(
        `UPDATE patient SET LName = CONCAT(LName, '-during') WHERE PatNum <= 3; DELETE FROM zipcode LIMIT 1;
       CREATE TABLE tmpreport (a int); CREATE TABLE temp_bak_patient (a int)`,
      );
      const during = await tidemark('run');
      expect(during.end.code).toBe(1);
      expect(during.failed).toEqual(['procedurelog load SCHEMA_INCOMPATIBLE']);
      expect(during.tables.filter(({ rowsDeleted }) => rowsDeleted > 0)).toEqual([]);
      expect(await rowsInAll()).toEqual(before);

      // The rest of it.
      await source.exec(SMALL_STEPS);
      for (const moved of MOVED_TABLES) {
        await moveBack(source, moved, 'first');
        await dropAside(source, moved);
      }
      await source.exec('DROP TABLE tmpreport, temp_bak_patient');

      const planned = await command.run(['plan', 'sheetfield']);
      expect(planned.stdout).toContain('column UserSigned is gone from the source (SCHEMA_INCOMPATIBLE)');
      const after = await tidemark('run');
      expect(after.end.code).toBe(1);
      expect(after.failed).toEqual(NEEDS_HELP);
      for (const report of after.tables.filter(({ error }) => error)) await doAsTold(report);

      const last = await tidemark('run');
      expect(last).toMatchObject({ end: { code: 0 }, failed: [] });
      await pipeline.expectEqual(...NAMES);
      expect(await rowsInAll()).toEqual({ ...before, zipcode: (before['zipcode'] ?? 0) - 1 });
      expect(
        await pipeline.warehouse.query('SELECT DISTINCT "UserSigned" AS signed FROM analytics.stg_sheetfield'),
      ).toEqual([{ signed: '7' }]);
      const passing = await pipeline.warehouse.query(
        `SELECT relname FROM pg_class WHERE relnamespace = 'raw'::regnamespace AND relname ~* '^(tempconv|tmp|temp_bak|erouting)'`,
      );
      expect(passing).toEqual([]);
    },
  );
});
