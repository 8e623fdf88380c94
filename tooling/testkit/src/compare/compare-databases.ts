import { createHash } from 'node:crypto';

import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { Client, escapeIdentifier } from 'pg';

import type { DatabaseEndpoint } from '../databases/mysql-database.ts';
import { expectedInWarehouse, foundInWarehouse, mysqlExpression, type ComparedColumn } from './canonical-value.ts';

export interface ComparisonInput {
  readonly source: DatabaseEndpoint;
  readonly replica: DatabaseEndpoint;
  readonly warehouse: DatabaseEndpoint;
  /** Schema of the raw tables. */
  readonly schema: string;
  readonly tables: readonly string[];
}

export interface TableComparison {
  readonly table: string;
  readonly sourceRows: number;
  readonly replicaRows: number;
  readonly warehouseRows: number;
  /** Rows that stand in one and not in the other; a row that differs counts once on each side. */
  readonly replica: { readonly missing: number; readonly extra: number };
  readonly warehouse: { readonly missing: number; readonly extra: number };
  readonly equal: boolean;
}

/**
 * Compares every row of every table in all three databases by reading all of it: plain SELECTs, sorted fingerprints,
 * none of Tidemark's own reading, encoding or digests. Slow and simple on purpose: it is what the product is judged by.
 */
export async function compareDatabases(input: ComparisonInput): Promise<TableComparison[]> {
  const source = await openMysql(input.source);
  const replica = await openMysql(input.replica);
  const warehouse = new Client({ ...input.warehouse, types: { getTypeParser: () => (text: string) => text } });
  await warehouse.connect();
  try {
    await warehouse.query(`SET TIME ZONE 'UTC'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 1`);
    const results: TableComparison[] = [];
    for (const table of input.tables) {
      const columns = await describe(source, input.source.database, table);
      const fromSource = await readMysql(source, table, columns);
      const wanted = await readMysql(source, table, columns, expectedInWarehouse);
      const fromReplica = await readMysql(replica, table, columns);
      const fromWarehouse = await readPostgres(warehouse, input.schema, { table, columns });
      results.push(judge(table, { fromSource, fromReplica, wanted, fromWarehouse }));
    }
    return results;
  } finally {
    await Promise.allSettled([source.end(), replica.end(), warehouse.end()]);
  }
}

async function openMysql(endpoint: DatabaseEndpoint): Promise<Connection> {
  const connection = await createConnection({ ...endpoint, charset: 'utf8mb4' });
  await connection.query(`SET SESSION time_zone = '+00:00', sql_mode = ''`);
  return connection;
}

async function describe(source: Connection, database: string, table: string): Promise<ComparedColumn[]> {
  const [rows] = await source.query<RowDataPacket[]>(
    `SELECT COLUMN_NAME AS name, LOWER(DATA_TYPE) AS dataType, COALESCE(NUMERIC_PRECISION, 0) AS bits
       FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`,
    [database, table],
  );
  return rows.map((row) => ({
    name: String(row['name']),
    dataType: String(row['dataType']),
    bits: Number(row['bits']),
  }));
}

type Canonical = (column: ComparedColumn, value: string | null) => string | null;

async function readMysql(
  connection: Connection,
  table: string,
  columns: readonly ComparedColumn[],
  canonical: Canonical = (_, value) => value,
): Promise<string[]> {
  const list = columns.map((column) => mysqlExpression(column)).join(', ');
  const [rows] = await connection.query({
    sql: `SELECT ${list} FROM \`${table.replaceAll('`', '``')}\``,
    rowsAsArray: true,
    typeCast: (field) => field.string('utf8'),
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- rowsAsArray with a typeCast to text gives just this
  const textRows = rows as unknown as (string | null)[][];
  return textRows.map((row) => fingerprint(columns, row, canonical)).toSorted();
}

async function readPostgres(
  client: Client,
  schema: string,
  what: { readonly table: string; readonly columns: readonly ComparedColumn[] },
): Promise<string[]> {
  const list = what.columns.map((column) => escapeIdentifier(column.name)).join(', ');
  const { rows } = await client.query<(string | null)[]>({
    text: `SELECT ${list} FROM ${escapeIdentifier(schema)}.${escapeIdentifier(what.table)}`,
    rowMode: 'array',
  });
  return rows.map((row) => fingerprint(what.columns, row, foundInWarehouse)).toSorted();
}

function fingerprint(
  columns: readonly ComparedColumn[],
  row: readonly (string | null)[],
  canonical: Canonical,
): string {
  const values = columns.map((column, index) => canonical(column, row[index] ?? null));
  return createHash('sha1').update(JSON.stringify(values)).digest('base64');
}

function judge(
  table: string,
  rows: {
    readonly fromSource: readonly string[];
    readonly fromReplica: readonly string[];
    readonly wanted: readonly string[];
    readonly fromWarehouse: readonly string[];
  },
): TableComparison {
  const replica = difference(rows.fromSource, rows.fromReplica);
  const warehouse = difference(rows.wanted, rows.fromWarehouse);
  return {
    table,
    sourceRows: rows.fromSource.length,
    replicaRows: rows.fromReplica.length,
    warehouseRows: rows.fromWarehouse.length,
    replica,
    warehouse,
    equal: replica.missing + replica.extra + warehouse.missing + warehouse.extra === 0,
  };
}

/** Two sorted lists walked side by side. */
function difference(wanted: readonly string[], found: readonly string[]): { missing: number; extra: number } {
  let missing = 0;
  let extra = 0;
  let at = 0;
  for (const print of wanted) {
    while (at < found.length && (found[at] ?? '') < print) {
      extra += 1;
      at += 1;
    }
    if (found[at] === print) at += 1;
    else missing += 1;
  }
  return { missing, extra: extra + found.length - at };
}
