import type { Row } from '@tidemark/testkit';

import type { Pipeline } from '../pipeline.ts';

/**
 * Copies tables as the older pipeline did: the replica by replaying SHOW CREATE TABLE and plain INSERTs, raw in the types
 * that it took for right (flags as boolean, every time without a zone, varchar(n)), with a column of its own.
 *
 * The rows go another way than Tidemark's, so that what is taken over was not made by it.
 */
export async function copyAsOlderPipeline(pipeline: Pipeline, tables: readonly string[]): Promise<void> {
  const { source } = pipeline;
  await source.exec("SET SESSION time_zone = '+00:00'");
  for (const table of tables) {
    const columns = await readColumns(pipeline, table);
    const list = columns.map((column) => `${expression(column)} AS \`${column.name}\``);
    const rows = await source.query(`SELECT ${list.join(', ')} FROM \`${table}\``);
    await fillReplica(pipeline, table, rows);
    await fillRaw(pipeline, { table, columns, rows });
  }
}

/** As text where JavaScript's numbers lose something: the digits of a FLOAT, the sign of -0. */
function expression({ name, type }: Column): string {
  if (type === 'float') return `CAST(\`${name}\` + 0e0 AS CHAR)`;
  return type === 'double' ? `CAST(\`${name}\` AS CHAR)` : `\`${name}\``;
}

interface Column {
  readonly name: string;
  /** DATA_TYPE */
  readonly type: string;
  /** COLUMN_TYPE */
  readonly full: string;
  readonly isKey: boolean;
}

async function readColumns({ source }: Pipeline, table: string): Promise<Column[]> {
  const rows = await source.query<Record<'name' | 'type' | 'full' | 'pri', string>>(
    `SELECT COLUMN_NAME AS name, LOWER(DATA_TYPE) AS type, COLUMN_TYPE AS full, COLUMN_KEY AS pri
       FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`,
    [table],
  );
  return rows.map(({ pri, ...column }) => ({ ...column, isKey: pri === 'PRI' }));
}

async function fillReplica({ source, replica }: Pipeline, table: string, rows: readonly Row[]): Promise<void> {
  const [shown] = await source.query<Record<string, string>>(`SHOW CREATE TABLE \`${table}\``);
  // A name that MariaDB alone has; it stands in every column and in the table's own line.
  const ddl = shown?.['Create Table']?.replaceAll(/ COLLATE[ =]\w*uca1400\w*/g, '');
  await replica.exec(`DROP TABLE IF EXISTS \`${table}\`; ${ddl}`);
  for (let at = 0; at < rows.length; at += 500) {
    const values = rows.slice(at, at + 500).map((row) => Object.values(row));
    await replica.query(`INSERT INTO \`${table}\` VALUES ?`, [values]);
  }
}

interface OlderTable {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

async function fillRaw({ warehouse }: Pipeline, { table, columns, rows }: OlderTable): Promise<void> {
  const ddl = columns.map(
    (column) => `"${column.name}" ${olderType(column, rows)}${column.isKey ? ' PRIMARY KEY' : ''}`,
  );
  await warehouse.exec(`CREATE TABLE raw."${table}" (${ddl.join(', ')}, _loaded_by text DEFAULT 'python')`);
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const json = JSON.stringify(rows, (_, value: unknown) => (typeof value === 'string' ? plain(value) : value));
  await warehouse.query(
    `INSERT INTO raw."${table}" (${names}) SELECT ${names} FROM json_populate_recordset(null::raw."${table}", $1)`,
    [json],
  );
}

/** What PostgreSQL cannot hold: as others do, NULL for a zero date and no NUL in text. */
function plain(value: string): string | null {
  return value.startsWith('0000-00-00') ? null : value.replaceAll('\0', '');
}

const TYPES: Readonly<Record<string, string>> = {
  tinyint: 'smallint',
  smallint: 'integer',
  int: 'integer',
  bigint: 'bigint',
  double: 'double precision',
  float: 'double precision',
  datetime: 'timestamp',
  timestamp: 'timestamp',
  date: 'date',
  time: 'interval',
};

function olderType({ name, type, full }: Column, rows: readonly Row[]): string {
  // Guessed from the rows of the day.
  if (full.startsWith('tinyint(1)') && rows.every((row) => ['0', '1'].includes(String(row[name])))) return 'boolean';
  if (type === 'int' && full.includes('unsigned')) return 'bigint';
  if (type === 'varchar' || type === 'char') return full.replace('char(', 'varchar(').replace('varvarchar', 'varchar');
  return TYPES[type] ?? 'text';
}
