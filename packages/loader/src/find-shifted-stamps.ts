import { quoteMysqlIdentifier } from '@tidemark/incremental';
import { columnForm, keyColumns, keyListCondition, type ColumnDescription, type MysqlSession } from '@tidemark/mysql';
import type { PoolClient } from 'pg';

import { qualifiedName, quoteName } from './postgres-name.ts';
import type { SurveyRawInput } from './survey-raw.ts';

/** Rows that are looked at: a habit of the older tool shows in each. */
const SAMPLE = 200;
/** Some rows may be stale, and hold any other time. */
const MOST = 0.8;
const QUARTER_HOUR = 900;

export interface KeptColumn {
  /** In raw. */
  readonly name: string;
  readonly source: ColumnDescription;
  /** As raw has it. */
  readonly type: string;
}

/**
 * Finds columns of raw without a zone in which an older tool put the practice's wall clock where the source has an
 * instant: in most rows raw is off by whole quarters of an hour. Both are compared here, and only names are told.
 */
export async function findShiftedStamps(
  client: PoolClient,
  { schema, table, key, replica }: SurveyRawInput,
  kept: readonly KeptColumn[],
): Promise<string[]> {
  const stamps = kept.filter(
    ({ source, type }) => columnForm(source) === 'timestamp' && type.endsWith('without time zone'),
  );
  const keyForms = table.columns.filter((column) => key.includes(column.name)).map(columnForm);
  if (replica === null || stamps.length === 0 || keyForms.some((form) => form !== 'integer')) return [];
  const inRaw = await client.query<Record<string, string | null>>(
    `SELECT ${[
      ...key.map((name, place) => `${quoteName(name)}::text AS k${place}`),
      ...stamps.map(({ name }, place) => `${quoteName(name)}::text AS s${place}`),
    ].join(', ')} FROM ${qualifiedName(schema, table.name)} LIMIT ${SAMPLE}`,
  );
  if (inRaw.rows.length === 0) return [];
  const inReplica = await readSame(replica, { table, key, stamps, rows: inRaw.rows });
  return stamps
    .filter((_, place) => {
      const pairs = inRaw.rows.flatMap((row) => {
        const same = inReplica.get(keyText(row, key.length));
        const shift = same ? shiftOf(row[`s${place}`], same[`s${place}`]) : null;
        return shift === null ? [] : [shift];
      });
      const shifted = pairs.filter((shift) => shift !== 0 && shift % QUARTER_HOUR === 0);
      return shifted.length > 0 && shifted.length >= pairs.length * MOST;
    })
    .map(({ name }) => name);
}

async function readSame(
  replica: MysqlSession,
  {
    table,
    key,
    stamps,
    rows,
  }: Pick<SurveyRawInput, 'table' | 'key'> & {
    readonly stamps: readonly KeptColumn[];
    readonly rows: readonly Record<string, string | null>[];
  },
): Promise<ReadonlyMap<string, Record<string, string | null>>> {
  const keys = rows.map((row) => key.map((_, place) => row[`k${place}`] ?? ''));
  const where = keyListCondition(keyColumns(table, key), keys);
  const found = await replica.query(
    `SELECT ${[
      ...key.map((name, place) => `CAST(${quoteMysqlIdentifier(name)} AS CHAR) AS k${place}`),
      ...stamps.map(({ source }, place) => `CAST(${quoteMysqlIdentifier(source.name)} AS CHAR) AS s${place}`),
    ].join(', ')} FROM ${quoteMysqlIdentifier(table.name)} WHERE ${where.sql}`,
    where.params,
  );
  return new Map(found.map((row) => [keyText(row, key.length), row]));
}

function keyText(row: Record<string, string | null>, columns: number): string {
  return JSON.stringify(Array.from({ length: columns }, (_, place) => row[`k${place}`]));
}

/** Seconds between two times without a zone; null where one is none. */
function shiftOf(left: string | null | undefined, right: string | null | undefined): number | null {
  const [first, second] = [left, right].map((text) => Date.parse(`${(text ?? '').slice(0, 19).replace(' ', 'T')}Z`));
  if (first === undefined || second === undefined || Number.isNaN(first - second)) return null;
  return (first - second) / 1000;
}
