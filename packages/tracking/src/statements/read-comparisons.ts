import type { DataSource, QueryRunner } from 'typeorm';

import { isoTime } from '../time-text.ts';
import type { Comparison } from '../types.ts';

/** The ledger of `verify`, in the warehouse. */
const LEDGER = 'etl_verification';

interface RawComparison {
  readonly table: string;
  readonly finished_at: string;
  readonly verdict: string;
  readonly source_rows: string | number | null;
  readonly causes: string | null;
  readonly columns: string | null;
}

/**
 * What comparisons of whole tables found, newest first. Samples, and tables that could not be compared, are left out:
 * they prove nothing of the table.
 *
 * @returns null where no ledger is kept: an older version migrated this database
 */
export async function readComparisons(runner: QueryRunner, dataSource: DataSource): Promise<Comparison[] | null> {
  const { options } = dataSource;
  const schema = options.type === 'postgres' ? options.schema : undefined;
  const table = schema === undefined ? LEDGER : `${schema}.${LEDGER}`;
  if (!(await runner.hasTable(table))) return null;
  const rows = await runner.manager
    .createQueryBuilder(runner)
    .select('table_name', 'table')
    .addSelect('finished_at', 'finished_at')
    .addSelect('verdict', 'verdict')
    .addSelect('source_rows', 'source_rows')
    .addSelect('causes', 'causes')
    .addSelect('differing_columns', 'columns')
    .from(table, LEDGER)
    .where("scope = 'full' AND verdict IN ('match', 'differs')")
    .orderBy('finished_at', 'DESC')
    .addOrderBy('id', 'DESC')
    .getRawMany<RawComparison>();
  return rows.map(asComparison);
}

function asComparison({ table, finished_at, verdict, source_rows, causes, columns }: RawComparison): Comparison {
  return {
    table,
    finishedAt: isoTime(finished_at),
    isEqual: verdict === 'match',
    sourceRows: Number(source_rows ?? 0),
    causes: parseCounts(causes),
    columns: parseCounts(columns),
  };
}

function parseCounts(value: string | null): Readonly<Record<string, number>> {
  if (value === null) return {};
  const counts: Record<string, number> = JSON.parse(value);
  return counts;
}
