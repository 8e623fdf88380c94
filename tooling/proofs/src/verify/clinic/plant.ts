import { CLINIC_TABLES } from '@tidemark/sample-clinic';
import type { Cause } from '@tidemark/verifier';

import type { Clinic, ReportedTable } from './clinic.ts';
import { prepareGround } from './ground.ts';
import { KINDS, type Planted } from './kinds.ts';

/** Plants every kind of difference in every table. @returns what was planted, by table */
export async function plantEverything(
  clinic: Clinic,
  gone: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, readonly Planted[]>> {
  const planted = new Map<string, readonly Planted[]>();
  for (const table of CLINIC_TABLES) {
    const ground = await prepareGround(clinic, table, gone.get(table.name) ?? '');
    const rows = Object.entries(KINDS).flatMap(([kind, sow]) => sow(ground).map((row) => ({ kind, ...row })));
    await writeAll(clinic, rows);
    planted.set(table.name, rows);
  }
  return planted;
}

async function writeAll({ pipeline }: Clinic, rows: readonly Planted[]): Promise<void> {
  const statements = (of: (row: Planted) => string | undefined): string =>
    rows.flatMap((row) => of(row) ?? []).join(';');
  await pipeline.source.exec(statements(({ source }) => source));
  await pipeline.replica.exec(statements(({ replica }) => replica));
  await pipeline.warehouse.exec(statements(({ raw }) => raw));
}

/** What verify says of a table; all of it. */
export type Told = Pick<
  ReportedTable,
  'verdict' | 'missing' | 'extra' | 'different' | 'pending' | 'inMotion' | 'kept' | 'schema' | 'causes' | 'columns'
>;

export function toldOf(report: ReportedTable): Told {
  const { verdict, missing, extra, different, pending, inMotion, kept, schema, causes, columns } = report;
  return { verdict, missing, extra, different, pending, inMotion, kept, schema, causes, columns };
}

/** What it must say. */
export function expectedOf(rows: readonly Planted[]): Told {
  const having = (kind: Planted['found']): number => rows.filter(({ found }) => found === kind).length;
  return {
    verdict: rows.length === 0 ? 'match' : 'differs',
    missing: having('missing'),
    extra: having('extra'),
    different: having('different'),
    pending: 0,
    inMotion: 0,
    kept: 0,
    schema: [],
    causes: countEach<Cause>(rows.flatMap(({ causes }) => causes)),
    columns: countEach(rows.flatMap(({ columns }) => columns)),
  };
}

function countEach<Word extends string>(words: readonly Word[]): Record<Word, number> {
  const counts: Partial<Record<Word, number>> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- words that do not occur are left out on purpose
  return counts as Record<Word, number>;
}
