import { quoteName } from './postgres-name.ts';
import { takesNull } from './postgres-type.ts';
import { DELETED_AT_COLUMN, type RawTarget } from './raw-target.ts';

/** CREATE TABLE of a raw table, without its key: that is built faster when the rows are in. */
export function createRawTable(target: RawTarget): string {
  const columns = target.columns.map(
    (column) => `${quoteName(column.name)} ${column.type}${takesNull(column.source) ? '' : ' NOT NULL'}`,
  );
  if (target.marksDeleted) columns.push(`${quoteName(DELETED_AT_COLUMN)} timestamp with time zone`);
  return `CREATE TABLE ${target.qualified} (${columns.join(', ')})`;
}

/** The statement that gives a new raw table its primary key. */
export function rawKey(target: RawTarget): string {
  const key = target.keyColumns.map((column) => quoteName(column.name)).join(', ');
  return `ALTER TABLE ${target.qualified} ADD PRIMARY KEY (${key})`;
}
