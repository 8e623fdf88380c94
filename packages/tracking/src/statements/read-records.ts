import type { QueryRunner } from 'typeorm';

import { isoTime } from '../time-text.ts';
import type { RecordedState, TrackingRecord } from '../types.ts';
import type { StatusEntity } from './update-status.ts';

/** Columns that older pipelines have in a status table, in place of or beside the plan's. */
const OLDER_COLUMNS = {
  word: ['extraction_status', 'transform_status'],
  time: ['last_extracted'],
  rows: ['rows_extracted'],
} as const;

/** Words that were ever in use; the older pipeline's parts did not agree on them. */
const WORDS: Readonly<Record<string, RecordedState>> = {
  pending: 'pending',
  success: 'success',
  completed: 'success',
  complete: 'success',
  failed: 'failed',
  error: 'failed',
  in_progress: 'running',
  running: 'running',
  started: 'running',
};

/** One of the years in which no record was ever written: the defaults of the plan and of the older pipeline. */
const NO_TIME = /^(?:000\d|19\d\d)-/;

type Row = Readonly<Record<string, string | number | null>>;

export function columnNames(table: { readonly columns: readonly { readonly name: string }[] } | null): string[] {
  return table?.columns.map((column) => column.name) ?? [];
}

/**
 * The records of a status table, with what an older pipeline left in columns of its own. `last_primary_value` is not
 * read: it may be the key of a row, and nobody goes on from it.
 *
 * @param columns the columns that the table has in fact
 */
export async function readRecords(
  runner: QueryRunner,
  status: StatusEntity,
  columns: readonly string[],
): Promise<TrackingRecord[]> {
  const { driver } = runner.dataSource;
  const metadata = runner.dataSource.getMetadata(status);
  const has = new Set(columns);
  const names = new Map(metadata.columns.map((column) => [column.propertyName, column.databaseName]));
  const own = ['table', 'lastSucceeded', 'rows', 'status', 'lastError', 'strategy', 'resume'].flatMap((property) => {
    const column = names.get(property);
    return column === undefined ? [] : [[property, column] as const];
  });
  const older = Object.entries(OLDER_COLUMNS).map(([property, candidates]) => {
    const there = candidates.filter((column) => has.has(column)).map((column) => driver.escape(column));
    return [`older_${property}`, there.length > 1 ? `COALESCE(${there.join(', ')})` : (there[0] ?? 'NULL')] as const;
  });
  const list = [...own.map(([property, column]) => [property, driver.escape(column)] as const), ...older];
  const from = metadata.tablePath
    .split('.')
    .map((part) => driver.escape(part))
    .join('.');
  const order = driver.escape(names.get('table') ?? 'table_name');
  const rows: Row[] = await runner.query(
    `SELECT ${list.map(([name, sql]) => `${sql} AS ${driver.escape(name)}`).join(', ')} FROM ${from} ORDER BY ${order}`,
  );
  return rows.map((row) => asRecord(row, names.has('strategy')));
}

/** @param knowsStrategy of a hop: Tidemark's successes have a strategy, and nobody else's has one */
function asRecord(row: Row, knowsStrategy: boolean): TrackingRecord {
  const word = wordOf(row['status']);
  const olderWord = wordOf(row['older_word']);
  const rows = Number(row['rows'] ?? 0) || Number(row['older_rows'] ?? 0);
  const saysNothing = (word ?? 'pending') === 'pending' && (olderWord ?? 'pending') === 'pending' && rows === 0;
  const isOurs = knowsStrategy
    ? row['strategy'] != null || row['resume'] != null || row['lastError'] != null
    : word !== null && word !== 'pending';
  const writtenBy = isOurs ? 'tidemark' : saysNothing ? 'seed' : 'older';
  const state = (word === 'pending' ? olderWord : null) ?? word ?? olderWord ?? 'pending';
  return {
    table: String(row['table']),
    writtenBy,
    state: isOurs && word !== null ? word : state,
    lastSucceededAt: writtenBy === 'seed' ? null : (timeOf(row['lastSucceeded']) ?? timeOf(row['older_time'])),
    rows,
  };
}

/** Words of others may be anything: only known ones are told. */
function wordOf(value: string | number | null | undefined): RecordedState | null {
  if (value === null || value === undefined) return null;
  return WORDS[String(value).toLowerCase()] ?? 'unknown';
}

function timeOf(value: string | number | null | undefined): string | null {
  const text = String(value ?? '');
  return /^\d{4}-\d\d-\d\d[ T]/.test(text) && !NO_TIME.test(text) ? isoTime(text) : null;
}
