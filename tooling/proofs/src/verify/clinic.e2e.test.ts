import { CLINIC_TABLES } from '@tidemark/sample-clinic';
import { compareDatabases } from '@tidemark/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { shortOrLong } from '../races/how-long.ts';
import { openClinic, type Clinic } from './clinic/clinic.ts';
import { expectedOf, plantEverything } from './clinic/plant.ts';
import { workUnseen } from './clinic/unseen-work.ts';

const TABLES = CLINIC_TABLES.map(({ name }) => name);
const SIZE = shortOrLong<Parameters<typeof openClinic>[0]>({ patients: 30 }, { patients: 8000, rowsTarget: 1_000_000 });
const DAYS = 3;

let clinic: Clinic;
/** By table, a row that was deleted before. */
let gone: ReadonlyMap<string, string>;

beforeAll(async () => {
  clinic = await openClinic(SIZE);
}, 600_000);
afterAll(() => clinic[Symbol.asyncDispose]());

/** Every value of all rows, read plainly; rows that raw keeps with a mark count as gone. */
async function expectEqual(): Promise<void> {
  const { source, replica, warehouse } = clinic.pipeline;
  const views = CLINIC_TABLES.map(({ name }) => {
    const rows = clinic.isFlagged(name) ? 'WHERE _tidemark_deleted_at IS NULL' : '';
    return `CREATE OR REPLACE VIEW alive."${name}" AS SELECT * FROM raw."${name}" ${rows}`;
  });
  await warehouse.exec(['CREATE SCHEMA IF NOT EXISTS alive', ...views].join(';'));
  const databases = { source: source.endpoint, replica: replica.endpoint, warehouse: warehouse.endpoint };
  const compared = await compareDatabases({ ...databases, schema: 'alive', tables: TABLES });
  expect(compared.filter(({ equal }) => !equal)).toEqual([]);
}

test('days at the clinic end with a proof, once the digests were due', { timeout: 900_000 }, async () => {
  await clinic.tidemark(['migrate']);
  await clinic.tidemark(['run']);
  for (let day = 1; day <= DAYS; day += 1) await clinic.playDay(day);
  gone = await workUnseen(clinic.pipeline);
  await clinic.tidemark(['run']);
  // What no stamp told of is still wrong, and said to be.
  const before = await clinic.verify([], 3);
  const wrong = before.filter(({ verdict }) => verdict === 'differs').map(({ table }) => table);
  expect(wrong.toSorted()).toEqual(CLINIC_TABLES.flatMap(({ name, stamp }) => (stamp === undefined ? [] : [name])));
  clinic.digestsAreDue(true);
  await clinic.tidemark(['run']);
  const tables = await clinic.verify([], 0);
  const said = tables.map(({ table, verdict, causes, pending, inMotion }) => ({
    table,
    verdict,
    causes,
    pending,
    inMotion,
  }));
  expect(said.toSorted((one, other) => (one.table < other.table ? -1 : 1))).toEqual(
    TABLES.map((table) => ({ table, verdict: 'match', causes: {}, pending: 0, inMotion: 0 })),
  );
  await expectEqual();
});

test(
  'what is planted is found in every table, by kind, cause and column, and nothing else; and repaired',
  { timeout: 900_000 },
  async () => {
    const planted = await plantEverything(clinic, gone);
    const found = await clinic.verify([], 3);
    expect(found).toHaveLength(TABLES.length);
    for (const table of found) expect(table).toMatchObject(expectedOf(planted.get(table.table) ?? []));
    for (const table of found) expect(table.columns).toEqual(expectedOf(planted.get(table.table) ?? []).columns);
    for (const [table, rows] of planted) {
      const named = (await clinic.namedRows(table)).map(({ key, kind }) => `${String(key)} ${kind}`);
      expect({ table, named: named.toSorted() }).toEqual({
        table,
        named: rows.map((row) => `${row.key} ${row.found}`).toSorted(),
      });
    }
    const repaired = await clinic.verify(['--repair'], 0);
    for (const { table, repaired: rows } of repaired)
      expect([table, rows]).toEqual([table, planted.get(table)?.length]);
    for (const { verdict } of await clinic.verify([], 0)) expect(verdict).toBe('match');
    await expectEqual();
  },
);
