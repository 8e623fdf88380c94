import { buildClinic, CLINIC_TABLES, dayAtTheClinic, tablesYml } from '@tidemark/sample-clinic';
import { armPoint } from '@tidemark/testkit';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openCommand, type Command, type CommandEnd } from '../command.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import { copyAsOlderPipeline } from './older-pipeline.ts';
import { createRolloutUsers, statementsOf } from './rollout-page.ts';
import { createOlderTracking, readOlderTracking, readTracking } from './older-tracking.ts';

const TABLES = CLINIC_TABLES.map(({ name }) => name);
/** Raw has it and the replica lost it. */
const RAW_ONLY = 'commlog';
/** Raw took an enumeration for a flag. */
const MISFIT = 'appointment';
/** A view reads a column of raw that must become wider. */
const VIEWED = 'recall';
const BLOCKED = [MISFIT, VIEWED];
const PATIENTS = 40;
const SEED = 20;

let pipeline: Pipeline;
let tidemark: Command;
let backfill: Command;

beforeAll(async () => {
  pipeline = await openPipeline();
  // Edits and deletes without a stamp show in a digest; on the day after the rollout it is due.
  const yml = `defaults: {digest_every: 0}\n${tablesYml({ patients: PATIENTS })}`;
  tidemark = openCommand(pipeline, yml);
  backfill = openCommand(pipeline, yml, 'backfill');
  await practice((connection) => buildClinic(connection, { seed: SEED, patients: PATIENTS }));
});

afterAll(async () => {
  tidemark[Symbol.dispose]();
  backfill[Symbol.dispose]();
  await pipeline[Symbol.asyncDispose]();
});

async function practice(
  work: (connection: Awaited<ReturnType<typeof createConnection>>) => Promise<unknown>,
): Promise<void> {
  const connection = await createConnection(pipeline.source.endpoint);
  try {
    await work(connection);
  } finally {
    await connection.end();
  }
}

type Environment = Readonly<Record<string, string>>;

interface Outcome {
  readonly table: string;
  readonly hop: 'copy' | 'load';
  readonly strategy: string;
  readonly status: string;
  readonly rowsRead: number;
  readonly rowsInserted: number;
  readonly rowsUpdated: number;
  readonly rowsDeleted: number;
}

interface Survey {
  readonly table: string;
  readonly replica: string;
  readonly raw: string;
  readonly keeps: readonly { readonly column: string; readonly type: string; readonly usual: string }[];
  readonly mustChange: readonly string[];
}

interface Report {
  readonly tiers: readonly {
    readonly created: readonly string[];
    readonly after: Record<string, { percent: number }>;
  }[];
  readonly adoption: {
    readonly tables: readonly Survey[];
    readonly run: { readonly tables: readonly Outcome[] } | null;
  };
}

function printed({ stdout, stderr, code, signal }: CommandEnd, expected = 0): string {
  expect({ code, signal, stderr }).toEqual({ code: expected, signal: null, stderr: '' });
  return stdout;
}

async function adopt(flags: readonly string[], expected = 0, environment: Environment = {}): Promise<Report> {
  const report: Report = JSON.parse(
    printed(await backfill.run(['--adopt', '--json', '--log-level', 'error', ...flags], environment), expected),
  );
  return report;
}

function outcomeOf(outcomes: readonly Outcome[], table: string, hop: Outcome['hop']): Outcome | undefined {
  return outcomes.find((outcome) => outcome.table === table && outcome.hop === hop);
}

/** What the older pipeline had got wrong by the day of the rollout. */
async function letItRot(): Promise<void> {
  await pipeline.replica.exec(`
    UPDATE patient SET LName = 'stale' ORDER BY PatNum LIMIT 3;
    DELETE FROM procedurelog ORDER BY ProcNum DESC LIMIT 5;
    DROP TABLE ${RAW_ONLY}`);
  await pipeline.warehouse.exec(`
    UPDATE raw.patient SET "FName" = 'stale' WHERE "PatNum" IN (SELECT min("PatNum") FROM raw.patient);
    CREATE TEMPORARY TABLE phantoms AS SELECT * FROM raw.adjustment ORDER BY "AdjNum" LIMIT 2;
    UPDATE phantoms SET "AdjNum" = "AdjNum" + 900000000;
    INSERT INTO raw.adjustment SELECT * FROM phantoms;
    ALTER TABLE raw.${MISFIT} ALTER COLUMN "AptStatus" TYPE boolean USING "AptStatus" = 1;
    ALTER TABLE raw.${VIEWED} ALTER COLUMN "PatNum" TYPE integer;
    CREATE VIEW public.stg_recall AS SELECT "PatNum" FROM raw.${VIEWED}`);
}

async function versions(table: string, key: string): Promise<Map<string, string>> {
  const rows = await pipeline.warehouse.query<{ key: string; version: string }>(
    `SELECT "${key}"::text AS key, xmin::text AS version FROM raw."${table}"`,
  );
  return new Map(rows.map((row) => [row.key, row.version]));
}

async function storage(): Promise<unknown> {
  const raw = await pipeline.warehouse.query(
    `SELECT relname, relfilenode::text, oid::text FROM pg_class WHERE relnamespace = 'raw'::regnamespace
        AND relname = ANY ($1) AND relkind = 'r' ORDER BY 1`,
    [TABLES.filter((name) => !BLOCKED.includes(name))],
  );
  return raw;
}

// The rollout of docs/rollout.md, step by step.
test(
  'a warehouse as an older pipeline left it is taken over without a reload, and stays equal',
  { timeout: 180_000 },
  async () => {
    await createOlderTracking(pipeline);
    await copyAsOlderPipeline(pipeline, TABLES);
    await letItRot();
    await using users = await createRolloutUsers(pipeline);
    const { environment } = users;
    expect(await tidemark.run(['migrate'], environment)).toMatchObject({ code: 0 });
    const older = await readOlderTracking(pipeline);
    const tracked = await readTracking(pipeline);
    const stored = await storage();
    const before = await versions('patient', 'PatNum');

    // Look first: nothing is written.
    const preview = await adopt(['--dry-run'], 1, environment);
    expect(preview.tiers.map(({ created }) => created.length)).toEqual([67, 67, 68]);
    expect(preview.adoption.run).toBeNull();
    expect(preview.adoption.tables).toHaveLength(TABLES.length);
    expect(await readTracking(pipeline)).toEqual(tracked);
    const blocked = preview.adoption.tables.filter(({ mustChange }) => mustChange.length > 0);
    expect(blocked.map(({ table, mustChange }) => [table, mustChange])).toEqual([
      [MISFIT, ['raw: column AptStatus is boolean in raw and has other values than 0 and 1: it must become smallint']],
      [VIEWED, ['raw: column PatNum must go from integer to bigint, and views read it: stg_recall']],
    ]);
    expect(preview.adoption.tables.find(({ table }) => table === 'patient')?.keeps).toContainEqual({
      column: 'DateTStamp',
      type: 'timestamp without time zone',
      usual: 'timestamp with time zone',
    });
    expect(preview.adoption.tables.find(({ table }) => table === RAW_ONLY)).toMatchObject({
      replica: 'absent',
      raw: 'filled',
    });

    // Then all that can be taken over, and after a person has changed the rest, the rest.
    const { adoption } = await adopt([], 1, environment);
    const outcomes = adoption.run?.tables ?? [];
    expect(outcomes.filter(({ status }) => status !== 'success')).toEqual([]);
    expect(new Set(outcomes.map(({ table }) => table)).size).toBe(TABLES.length - BLOCKED.length);
    const sum = (hop: Outcome['hop'], count: (outcome: Outcome) => number): number =>
      outcomes
        .filter((outcome) => outcome.hop === hop && outcome.table !== RAW_ONLY)
        .reduce((all, each) => all + count(each), 0);
    // Of the whole practice, the rows that differ were read, and the rows that differ were written.
    expect(sum('copy', ({ rowsRead }) => rowsRead)).toBe(8);
    expect(sum('load', ({ rowsInserted, rowsUpdated, rowsDeleted }) => rowsInserted + rowsUpdated + rowsDeleted)).toBe(
      3,
    );
    expect(outcomeOf(outcomes, 'patient', 'copy')).toMatchObject({ strategy: 'digest', rowsRead: 3, rowsUpdated: 3 });
    expect(outcomeOf(outcomes, 'patient', 'load')).toMatchObject({ rowsInserted: 0, rowsUpdated: 1, rowsDeleted: 0 });
    expect(outcomeOf(outcomes, 'procedurelog', 'copy')).toMatchObject({ rowsRead: 5, rowsInserted: 5 });
    expect(outcomeOf(outcomes, 'procedurelog', 'load')).toMatchObject({
      rowsInserted: 0,
      rowsUpdated: 0,
      rowsDeleted: 0,
    });
    expect(outcomeOf(outcomes, 'adjustment', 'load')).toMatchObject({ rowsUpdated: 0, rowsDeleted: 2 });
    expect(outcomeOf(outcomes, RAW_ONLY, 'copy')).toMatchObject({ strategy: 'full_table' });
    expect(outcomeOf(outcomes, RAW_ONLY, 'load')).toMatchObject({ rowsInserted: 0, rowsUpdated: 0, rowsDeleted: 0 });
    // No table was rewritten, and of `patient` one row.
    expect(await storage()).toEqual(stored);
    const after = await versions('patient', 'PatNum');
    expect([...after].filter(([key, version]) => before.get(key) !== version)).toHaveLength(1);

    await pipeline.warehouse.exec(`
    ALTER TABLE raw.${MISFIT} ALTER COLUMN "AptStatus" TYPE smallint USING "AptStatus"::int::smallint;
    DROP VIEW public.stg_recall`);
    const rest = await adopt([], 0, environment);
    expect(rest.adoption.tables.map(({ table }) => table)).toEqual(BLOCKED);
    expect(rest.adoption.run?.tables.map(({ status }) => status)).toEqual(['success', 'success', 'success', 'success']);
    await pipeline.expectEqual(...TABLES);
    // A day later every run goes on from there.
    await practice((connection) => dayAtTheClinic(connection, { seed: SEED, day: 1 }));
    const run: { readonly tables: readonly Outcome[] } = JSON.parse(
      printed(await tidemark.run(['run', '--json', '--log-level', 'error'], environment)),
    );
    const stamped = new Set(CLINIC_TABLES.filter(({ stamp }) => stamp !== undefined).map(({ name }) => name));
    const strategies = run.tables.filter(({ hop, table }) => hop === 'copy' && stamped.has(table));
    expect(new Set(strategies.map(({ strategy }) => strategy))).toEqual(new Set(['incremental']));
    expect(new Set(run.tables.filter(({ hop }) => hop === 'load').map(({ strategy }) => strategy))).toEqual(
      new Set(['incremental']),
    );
    await pipeline.expectEqual(...TABLES);
    const proof: { readonly tables: readonly { readonly table: string; readonly verdict: string }[] } = JSON.parse(
      printed(await tidemark.run(['verify', '--json', '--log-level', 'error'], environment)),
    );
    expect(proof.tables.filter(({ verdict }) => verdict !== 'match')).toEqual([]);
    expect(proof.tables).toHaveLength(TABLES.length);
    // Every record that was there is there, and every table has one in every tier.
    expect(await readOlderTracking(pipeline)).toEqual(older);
    const last = await adopt(['--dry-run'], 0, environment);
    expect(last.adoption.tables).toEqual([]);
    expect(
      last.tiers.map(({ created, after: coverage }) => [created.length, coverage['incremental']?.percent]),
    ).toEqual([
      [0, 100],
      [0, 100],
      [0, 100],
    ]);
  },
);

test.each([
  ['before the rows of the replica are committed', 'copy.before-commit'],
  ['between the hops', 'copy.after-commit'],
  ['while raw is merged', 'load.merged'],
])('an adoption killed %s is finished by the next one', { timeout: 60_000 }, async (_, point) => {
  const tables = ['patient', 'adjustment', 'recalltype'];
  await createOlderTracking(pipeline);
  await copyAsOlderPipeline(pipeline, tables);
  await pipeline.replica.exec(`UPDATE patient SET LName = 'stale' ORDER BY PatNum LIMIT 2`);
  await pipeline.warehouse.exec(`DELETE FROM raw.patient WHERE "PatNum" IN (SELECT max("PatNum") FROM raw.patient)`);
  expect(await tidemark.run(['migrate'])).toMatchObject({ code: 0 });
  const yml = `tables: {${tables.map((name) => `${name}: {incremental_columns: [DateTStamp, SecDateTEdit]}`).join(', ')}}`;
  using few = openCommand(pipeline, yml, 'backfill');
  const killed = await few.run(['--adopt'], armPoint({ point, table: 'patient', action: 'kill' }));
  expect(killed.signal).toBe('SIGKILL');
  const report: Report = JSON.parse(printed(await few.run(['--adopt', '--json', '--log-level', 'error'])));
  expect(report.adoption.tables.map(({ table }) => table)).toContain('patient');
  await pipeline.expectEqual(...tables);
  expect(outcomeOf(report.adoption.run?.tables ?? [], 'patient', 'load')).toMatchObject({
    rowsInserted: 1,
    rowsDeleted: 0,
  });
  const states = await pipeline.states('patient');
  expect([states.copy?.status, states.load?.status]).toEqual(['success', 'success']);
});

test(
  'the way back gives the older pipeline its records, and coming again compares everything',
  { timeout: 60_000 },
  async () => {
    const tables = ['patient', 'adjustment'];
    await createOlderTracking(pipeline);
    await copyAsOlderPipeline(pipeline, tables);
    expect(await tidemark.run(['migrate'])).toMatchObject({ code: 0 });
    const before = await readTracking(pipeline);
    await pipeline.replica.exec(statementsOf('keep-replica'));
    await pipeline.warehouse.exec(statementsOf('keep-warehouse'));
    await using _kept = { [Symbol.asyncDispose]: () => pipeline.replica.exec('DROP TABLE etl_copy_status_before') };
    using few = openCommand(pipeline, `tables: {${tables.map((name) => `${name}: {}`).join(', ')}}`, 'backfill');
    expect(await few.run(['--adopt', '--log-level', 'error'])).toMatchObject({ code: 0 });
    expect(await readTracking(pipeline)).not.toEqual(before);
    await pipeline.replica.exec(statementsOf('back-replica'));
    await pipeline.warehouse.exec(statementsOf('back-warehouse'));
    expect(await readTracking(pipeline)).toEqual(before);
    // The older pipeline writes with no regard to what Tidemark did.
    await pipeline.replica.exec(`UPDATE patient SET LName = 'older', DateTStamp = DateTStamp ORDER BY PatNum LIMIT 1`);
    await pipeline.warehouse.exec(`DELETE FROM raw.adjustment`);
    const report: Report = JSON.parse(printed(await few.run(['--adopt', '--json', '--log-level', 'error'])));
    expect(outcomeOf(report.adoption.run?.tables ?? [], 'patient', 'copy')).toMatchObject({
      strategy: 'digest',
      rowsRead: 1,
    });
    await pipeline.expectEqual(...tables);
  },
);

test(
  'outside of the source’s window nothing is taken over, and the exit code says so',
  { timeout: 60_000 },
  async () => {
    await createOlderTracking(pipeline);
    await copyAsOlderPipeline(pipeline, ['patient']);
    expect(await tidemark.run(['migrate'])).toMatchObject({ code: 0 });
    const [clock] = await pipeline.source.query<{ hour: string }>('SELECT CAST(HOUR(NOW()) AS CHAR) AS hour');
    const from = (Number(clock?.hour) + 12) % 24;
    const window = `${from}:00-${(from + 1) % 24}:00`;
    using few = openCommand(pipeline, `{source: {window: '${window}'}, tables: {patient: {}}}`, 'backfill');
    const skipped: Report = JSON.parse(printed(await few.run(['--adopt', '--json', '--log-level', 'error']), 1));
    expect(skipped.adoption.run?.tables.map(({ status }) => status)).toEqual(['skipped', 'skipped']);
    expect(await few.run(['--adopt', '--ignore-window', '--log-level', 'error'])).toMatchObject({ code: 0 });
  },
);

test('two at once take each table over once', { timeout: 60_000 }, async () => {
  const tables = ['patient', 'adjustment', 'claim', 'payment'];
  await createOlderTracking(pipeline);
  await copyAsOlderPipeline(pipeline, tables);
  await pipeline.replica.exec(`UPDATE patient SET LName = 'stale', DateTStamp = DateTStamp`);
  expect(await tidemark.run(['migrate'])).toMatchObject({ code: 0 });
  using few = openCommand(pipeline, `tables: {${tables.map((name) => `${name}: {}`).join(', ')}}`, 'backfill');
  const ends = await Promise.all([1, 2].map(() => few.run(['--adopt', '--json', '--log-level', 'silent'])));
  // Who meets a table that the other one holds leaves it.
  expect(ends.filter(({ code }) => code !== 0 && code !== 1 && code !== 5)).toEqual([]);
  expect(await few.run(['--adopt', '--log-level', 'error'])).toMatchObject({ code: 0 });
  await pipeline.expectEqual(...tables);
  const [row] = await pipeline.warehouse.query(
    `SELECT count(*) AS n FROM raw.etl_load_status WHERE table_name = 'patient'`,
  );
  expect(row).toEqual({ n: '1' });
});
