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
export function compareDatabases(input: ComparisonInput): Promise<TableComparison[]> {
  return reading(input, async (read) => {
    const results: TableComparison[] = [];
    for (const table of input.tables) results.push(judge(table, prints(await read(table))));
    return results;
  });
}

/**
 * Keys of the rows that are not the same in all three databases, as JSON arrays of text (binary keys in hexadecimal).
 *
 * @param key names of the key's columns
 */
export function findDifferingKeys(
  input: Omit<ComparisonInput, 'tables'>,
  table: string,
  key: readonly string[],
): Promise<string[]> {
  return reading({ ...input, tables: [table] }, async (read) => {
    const rows = await read(table);
    const at = key.map((name) => rows.columns.findIndex((column) => column.name === name));
    const keyed = (side: readonly CanonicalRow[]): Map<string, string> =>
      new Map(side.map((row) => [JSON.stringify(at.map((index) => row[index]?.toUpperCase())), JSON.stringify(row)]));
    const pairs = [
      [keyed(rows.fromSource), keyed(rows.fromReplica)],
      [keyed(rows.wanted), keyed(rows.fromWarehouse)],
    ] as const;
    const differing = pairs.flatMap(([left, right]) =>
      [...left.keys(), ...right.keys()].filter((print) => left.get(print) !== right.get(print)),
    );
    return [...new Set(differing)];
  });
}

type CanonicalRow = readonly (string | null)[];

/** One table as the three databases hold it; `wanted` is what the source's rows must look like in the warehouse. */
interface TableRows {
  readonly columns: readonly ComparedColumn[];
  readonly fromSource: CanonicalRow[];
  readonly fromReplica: CanonicalRow[];
  readonly wanted: CanonicalRow[];
  readonly fromWarehouse: CanonicalRow[];
}

async function reading<Result>(
  input: ComparisonInput,
  work: (read: (table: string) => Promise<TableRows>) => Promise<Result>,
): Promise<Result> {
  const source = await openMysql(input.source);
  const replica = await openMysql(input.replica);
  const warehouse = new Client({ ...input.warehouse, types: { getTypeParser: () => (text: string) => text } });
  await warehouse.connect();
  try {
    await warehouse.query(`SET TIME ZONE 'UTC'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 1`);
    return await work(async (table) => {
      const columns = await describe(source, input.source.database, table);
      return {
        columns,
        fromSource: await readMysql(source, table, columns),
        wanted: await readMysql(source, table, columns, expectedInWarehouse),
        fromReplica: await readMysql(replica, table, columns),
        fromWarehouse: await readPostgres(warehouse, input.schema, { table, columns }),
      };
    });
  } finally {
    await Promise.allSettled([source.end(), replica.end(), warehouse.end()]);
  }
}

/** Sorted fingerprints of each side: all that counting needs. */
function prints(rows: TableRows): Parameters<typeof judge>[1] {
  const sorted = (side: readonly CanonicalRow[]): string[] => side.map(fingerprint).toSorted();
  return {
    fromSource: sorted(rows.fromSource),
    fromReplica: sorted(rows.fromReplica),
    wanted: sorted(rows.wanted),
    fromWarehouse: sorted(rows.fromWarehouse),
  };
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
): Promise<CanonicalRow[]> {
  const list = columns.map((column) => mysqlExpression(column)).join(', ');
  const [rows] = await connection.query({
    sql: `SELECT ${list} FROM \`${table.replaceAll('`', '``')}\``,
    rowsAsArray: true,
    typeCast: (field) => field.string('utf8'),
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- rowsAsArray with a typeCast to text gives just this
  const textRows = rows as unknown as (string | null)[][];
  return textRows.map((row) => canonicalRow(columns, row, canonical));
}

async function readPostgres(
  client: Client,
  schema: string,
  what: { readonly table: string; readonly columns: readonly ComparedColumn[] },
): Promise<CanonicalRow[]> {
  const list = what.columns.map((column) => escapeIdentifier(column.name)).join(', ');
  const { rows } = await client.query<(string | null)[]>({
    text: `SELECT ${list} FROM ${escapeIdentifier(schema)}.${escapeIdentifier(what.table)}`,
    rowMode: 'array',
  });
  return rows.map((row) => canonicalRow(what.columns, row, foundInWarehouse));
}

function canonicalRow(columns: readonly ComparedColumn[], row: CanonicalRow, canonical: Canonical): CanonicalRow {
  return columns.map((column, index) => canonical(column, row[index] ?? null));
}

function fingerprint(row: CanonicalRow): string {
  return createHash('sha1').update(JSON.stringify(row)).digest('base64');
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
