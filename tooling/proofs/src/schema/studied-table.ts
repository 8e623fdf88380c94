import { expect } from 'vitest';

import type { Asked, Pipeline } from '../pipeline.ts';

/** Read by its stamps, first in chunks of four rows, never by digest unless Tidemark itself finds a reason. */
export const ASKED: Asked = { plan: { incrementalColumns: ['DateTStamp'] }, copy: { batchRows: 4 } };

export type Engine = 'MyISAM' | 'InnoDB';

/** A table of twelve rows and a view on it in the warehouse, as dbt builds them. */
export interface StudiedTable {
  readonly pipeline: Pipeline;
  readonly name: string;
  readonly asked: Asked;
  /** Builds the view as dbt would, of the columns that raw has now. */
  buildView(): Promise<void>;
}

interface Wanted {
  readonly name: string;
  readonly engine: Engine;
  /** Definition of the column X and, optionally, of more behind it. */
  readonly column: string;
  /** X of the n-th row, as SQL. */
  readonly value: (n: number) => string;
  /** Columns of the view; all of raw's when left out. */
  readonly viewed?: readonly string[];
}

export const STAMP = 'DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp';

/** Rows with odd keys; their stamps are days apart, so that no lookback reaches from one to the next. */
export async function studyTable(pipeline: Pipeline, wanted: Wanted): Promise<StudiedTable> {
  const { name, engine, column, value, viewed } = wanted;
  const rows = Array.from(
    { length: 12 },
    (_, n) => `(${2 * n + 1}, 'row ${n}', ${value(n)}, '2026-01-${10 + n} 08:00:00')`,
  );
  const sql = `
    CREATE TABLE t (Num bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note varchar(40) NOT NULL, X ${column}, ${STAMP})
      ENGINE=${engine};
    INSERT INTO t (Num, Note, X, DateTStamp) VALUES ${rows.join(', ')}`;
  return studyOwn(pipeline, { name, sql, ...(viewed ? { viewed } : {}) });
}

/** A table made by the statements given; copied, loaded and viewed once. */
export async function studyOwn(
  pipeline: Pipeline,
  { name, sql, viewed }: { readonly name: string; readonly sql: string; readonly viewed?: readonly string[] },
): Promise<StudiedTable> {
  const buildView = async (): Promise<void> => {
    const list = viewed ?? (await columnsOfRaw(pipeline, name));
    await pipeline.warehouse.exec(
      `CREATE SCHEMA IF NOT EXISTS analytics;
       CREATE OR REPLACE VIEW analytics.stg_${name} AS SELECT ${list.map((one) => `"${one}"`).join(', ')} FROM raw.${name}`,
    );
  };
  const table = { pipeline, name, asked: ASKED, buildView };
  await change(table, sql);
  await pipeline.run(name, ASKED);
  await buildView();
  return table;
}

/** Statements on the source; `t` stands for the table. */
export function change({ pipeline, name }: Pick<StudiedTable, 'pipeline' | 'name'>, sql: string): Promise<void> {
  return pipeline.source.exec(sql.replaceAll(/\bt(?=\b|_away)/g, name));
}

export async function columnsOfRaw({ warehouse }: Pipeline, table: string): Promise<string[]> {
  const rows = await warehouse.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
      WHERE attrelid = 'raw.${table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
  );
  return rows.map(({ name }) => name);
}

export async function typeInRaw({ warehouse }: Pipeline, table: string, column: string): Promise<string | undefined> {
  const [row] = await warehouse.query<{ type: string }>(
    `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute
      WHERE attrelid = 'raw.${table}'::regclass AND attname = '${column}' AND NOT attisdropped`,
  );
  return row?.type;
}

/** What the front desk does meanwhile: an update and a new row, both with the stamp of now. */
export async function work({ pipeline, name }: StudiedTable): Promise<void> {
  await pipeline.source.exec(`
    UPDATE ${name} SET Note = CONCAT(Note, ' edited') WHERE Num IN (3, 21);
    INSERT INTO ${name} (Num, Note) SELECT MAX(Num) + 1, 'new' FROM ${name}`);
}

/** Nothing lost, nothing doubled, the view reads every row, and the next run is an ordinary one that finds nothing. */
export async function expectSettled(table: StudiedTable): Promise<void> {
  const { pipeline, name, asked } = table;
  await pipeline.expectEqual(name);
  const [inSource] = await pipeline.source.query<{ n: number }>(`SELECT COUNT(*) AS n FROM ${name}`);
  const [inView] = await pipeline.warehouse.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM (SELECT * FROM analytics.stg_${name}) AS rows_of_view`,
  );
  expect(inView?.n).toBe(Number(inSource?.n));
  const { copy, load } = await pipeline.run(name, asked);
  const nothing = { rowsInserted: 0, rowsUpdated: 0, rowsDeleted: 0 };
  expect(copy).toMatchObject({ strategy: 'incremental', counts: nothing, changes: {} });
  expect(copy.reason).not.toMatch(/digest/);
  expect(load).toMatchObject({ strategy: 'incremental', counts: { ...nothing, rowsRead: 0 } });
}
