import { CLINIC_TABLES } from '@tidemark/sample-clinic';
import { compareDatabases } from '@tidemark/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { shortOrLong } from '../races/how-long.ts';
import { FLAGGED, openClinic, type Clinic } from './clinic/clinic.ts';
import { isFragile } from './clinic/column-values.ts';
import { KINDS } from './clinic/kinds.ts';
import { expectedOf, plantEverything, toldOf } from './clinic/plant.ts';
import { plantEqualLooking, plantPending } from './clinic/plant-harmless.ts';
import { workUnseen } from './clinic/unseen-work.ts';

const TABLES = CLINIC_TABLES.map(({ name }) => name);
const STAMPED = CLINIC_TABLES.flatMap(({ name, stamp }) => (stamp === undefined ? [] : [name]));
const SIZE = shortOrLong<Parameters<typeof openClinic>[0]>({ patients: 30 }, { patients: 8000, rowsTarget: 1_000_000 });
const MIN_ROWS = shortOrLong(6_000, 1_000_000);
/** Where a kind of difference has room, if not in every table. */
const ROOM: Readonly<Record<string, readonly string[]>> = {
  'marked though it is there': FLAGGED,
  'gone and not marked': FLAGGED,
  'stamped late': STAMPED,
  'damaged on the way to raw': CLINIC_TABLES.flatMap(({ name, columns }) => (columns.some(isFragile) ? [name] : [])),
};
const TIMEOUT_MS = shortOrLong(300_000, 1_800_000);
const DAYS = 3;

let clinic: Clinic;
/** By table, a row that was deleted before. */
let gone: ReadonlyMap<string, string>;

beforeAll(async () => {
  clinic = await openClinic(SIZE);
}, TIMEOUT_MS);
afterAll(() => clinic[Symbol.asyncDispose]());

/** Every value of all rows, read plainly; rows that raw keeps with a mark count as gone. */
async function expectEqual(): Promise<void> {
  const { source, replica, warehouse } = clinic.pipeline;
  const views = CLINIC_TABLES.map(({ name }) => {
    const rows = FLAGGED.includes(name) ? 'WHERE _tidemark_deleted_at IS NULL' : '';
    return `CREATE OR REPLACE VIEW alive."${name}" AS SELECT * FROM raw."${name}" ${rows}`;
  });
  await warehouse.exec(['CREATE SCHEMA IF NOT EXISTS alive', ...views].join(';'));
  const databases = { source: source.endpoint, replica: replica.endpoint, warehouse: warehouse.endpoint };
  const compared = await compareDatabases({ ...databases, schema: 'alive', tables: TABLES });
  expect(compared.filter(({ equal }) => !equal)).toEqual([]);
}

/** Verify tells of nothing in any table, but of so many rows that the next run brings. */
async function expectProof(pendingOf: (table: string) => number = () => 0): Promise<void> {
  const told = await clinic.verify(0);
  expect(told.map(({ table }) => table).toSorted()).toEqual(TABLES.toSorted());
  expect(told.reduce((rows, { sourceRows }) => rows + (sourceRows ?? 0), 0)).toBeGreaterThan(MIN_ROWS);
  for (const report of told) {
    const { table } = report;
    expect({ table, ...toldOf(report) }).toEqual({ table, ...expectedOf([]), pending: pendingOf(table) });
  }
}

test('days at the clinic end with a proof, once the digests were due', { timeout: TIMEOUT_MS }, async () => {
  await clinic.tidemark('migrate');
  await clinic.tidemark('run');
  for (let day = 1; day <= DAYS; day += 1) await clinic.playDay(day);
  gone = await workUnseen(clinic.pipeline);
  await clinic.tidemark('run');
  // What no stamp told of is still wrong, and said to be.
  const before = await clinic.verify(3);
  const wrong = before.flatMap(({ table, verdict }) => (verdict === 'match' ? [] : [table]));
  expect(wrong.toSorted()).toEqual(STAMPED.toSorted());
  clinic.digestsAreDue(true);
  await clinic.tidemark('run');
  await expectProof();
  await expectEqual();
});

test('what looks different and is the same is not told of', { timeout: TIMEOUT_MS }, async () => {
  expect(await plantEqualLooking(clinic)).toBeGreaterThan(50);
  await expectProof();
});

test('every planted difference is named, and nothing else; and repaired', { timeout: TIMEOUT_MS }, async () => {
  const planted = await plantEverything(clinic, gone);
  for (const kind of Object.keys(KINDS)) {
    const tables = [...planted].flatMap(([table, rows]) => (rows.some((row) => row.kind === kind) ? [table] : []));
    expect({ kind, tables }).toEqual({ kind, tables: ROOM[kind] ?? TABLES });
  }
  for (const report of await clinic.verify(3)) {
    const { table } = report;
    expect({ table, ...toldOf(report) }).toEqual({ table, ...expectedOf(planted.get(table) ?? []) });
  }
  for (const [table, wanted] of planted) {
    const named = (await clinic.namedRows(table)).map(({ key, kind }) => `${String(key)} ${kind}`);
    const expected = wanted.map(({ key, found }) => `${key} ${found}`);
    expect({ table, named: named.toSorted() }).toEqual({ table, named: expected.toSorted() });
  }
  for (const { table, repaired } of await clinic.verify(0, '--repair')) {
    expect({ table, repaired }).toEqual({ table, repaired: planted.get(table)?.length });
  }
  await expectProof();
  await expectEqual();
});

test('what the next run brings is no difference', { timeout: TIMEOUT_MS }, async () => {
  await plantPending(clinic);
  await expectProof((table) => (STAMPED.includes(table) ? 2 : 1));
});
