import { createHash } from 'node:crypto';

import { SEQUENCE_COLUMN } from '@tidemark/mysql';
import type { TestDatabase } from '@tidemark/testkit';
import { TRACKING_TABLES } from '@tidemark/tracking';

import type { Pipeline } from '../pipeline.ts';
import type { CrashTable } from './tables.ts';

type Cells = Readonly<Record<string, unknown>>;

/** What stands in one database of one table: its rows with their copy sequence, and its tracking row. */
export interface Side {
  readonly rows: number;
  readonly digest: string;
  /** Without ids and times of writing; null where there is none. */
  readonly record: Cells | null;
  /** When the hop last succeeded, and of when the data are. */
  readonly times: Cells | null;
}

export interface Standing {
  readonly copy: Side;
  readonly load: Side;
}

const TIMES = new Set(['last_copied', 'last_loaded', '_loaded_at', 'source_as_of', 'digested_at']);
const NOT_COMPARED = new Set(['id', '_created_at', '_updated_at']);

/** Reads what stands in replica and warehouse of a table; a table that does not exist has no rows. */
export async function look(pipeline: Pipeline, table: CrashTable, columns: readonly string[]): Promise<Standing> {
  const { replica, warehouse } = pipeline;
  const [copied] = await replica.query<Cells>(`SELECT * FROM ${TRACKING_TABLES.copyStatus} WHERE table_name = ?`, [
    table.name,
  ]);
  const [loaded] = await warehouse.query<Cells>(
    `SELECT * FROM raw.${TRACKING_TABLES.loadStatus} WHERE table_name = $1`,
    [table.name],
  );
  const inReplica = await readRows(replica, { table, columns: [...columns, SEQUENCE_COLUMN], quote: '`', schema: '' });
  const inRaw = await readRows(warehouse, { table, columns, quote: '"', schema: 'raw.' });
  return { copy: { ...inReplica, ...split(copied) }, load: { ...inRaw, ...split(loaded) } };
}

interface Place {
  readonly table: CrashTable;
  readonly columns: readonly string[];
  readonly quote: string;
  readonly schema: string;
}

async function readRows(
  database: TestDatabase,
  { table, columns, quote, schema }: Place,
): Promise<Pick<Side, 'rows' | 'digest'>> {
  const there = await database.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
      WHERE table_name = '${table.name}' AND table_schema = ${schema === '' ? 'DATABASE()' : `'raw'`}`,
  );
  const names = new Set(there.map(({ name }) => name));
  const isRead = (name = ''): boolean => names.has(name) || name === SEQUENCE_COLUMN;
  if (names.size === 0) return { rows: 0, digest: digestOf([]) };
  const quoted = (name: string): string => quote + name + quote;
  // A replica table that another program built has no sequence yet, which is as good as 0.
  const read = columns.map((name) =>
    name === SEQUENCE_COLUMN && !names.has(name) ? `'0' AS ${quoted(name)}` : quoted(name),
  );
  const rows = await database.query(
    `SELECT ${read.filter((_, column) => isRead(columns[column])).join(', ')}
       FROM ${schema}${table.name} ORDER BY ${table.key.map(quoted).join(', ')}`,
  );
  return { rows: rows.length, digest: digestOf(rows) };
}

function digestOf(rows: readonly Cells[]): string {
  return createHash('sha1').update(JSON.stringify(rows)).digest('base64');
}

function split(row: Cells | undefined): Pick<Side, 'record' | 'times'> {
  if (!row) return { record: null, times: null };
  const entries = Object.entries(row).filter(([name]) => !NOT_COMPARED.has(name));
  return {
    record: Object.fromEntries(entries.filter(([name]) => !TIMES.has(name)).map(withoutBirth)),
    times: Object.fromEntries(entries.filter(([name]) => TIMES.has(name))),
  };
}

/** The structure of a load names the record of the copy hop by its id and time of creation, after the fingerprint. */
function withoutBirth([name, value]: [string, unknown]): [string, unknown] {
  return [name, name === 'structure' && typeof value === 'string' ? value.split(' ')[0] : value];
}

/** The same but for times: what two sequences of runs at different moments have in common. */
export function withoutTimes({ rows, digest, record }: Side): Omit<Side, 'times'> {
  return { rows, digest, record };
}
