import type { ColumnQuality } from '@tidemark/incremental';
import type { EntitySchemaColumnOptions } from 'typeorm';

/**
 * A row of one of the three status tables. The tables name the same thing differently (`last_copied`, `last_loaded`,
 * `last_transformed`), because they are three tables with three meanings; the property names here are one.
 *
 * Times are read and written as text: a JS Date has milliseconds only, and a time zone of its own opinion.
 */
export interface StatusRow {
  id: string;
  table: string;
  /** When the hop last succeeded, UTC. */
  lastSucceeded: string;
  rows: string;
  status: string;
  lastError: string | null;
  consecutiveFailures: number;
  updatedAt: string;
}

/** What the copy and the load hop keep besides. */
export interface HopStatusRow extends StatusRow {
  watermarks: Record<string, string> | null;
  highestKey: string | null;
  structure: string | null;
  copySequence: string | null;
  sourceAsOf: string | null;
  strategy: string | null;
  digestedAt: string | null;
  columnQuality: ColumnQuality[] | null;
}

/** Of the table in the replica only: where a chunked first copy stands. */
export interface CopyStatusRow extends HopStatusRow {
  resume: string | null;
}

/** Of the two tables in the warehouse only. */
export interface WarehouseStatusRow {
  /** The plan's `_loaded_at`: when the last success was written, UTC. */
  writtenAt: string;
}

/** Names of the columns in which the three tables differ. */
export interface StatusColumnNames {
  readonly lastSucceeded: string;
  readonly rows: string;
  readonly status: string;
}

type Columns<Row> = { [Name in keyof Row]: EntitySchemaColumnOptions };

/** Columns of every status table. `timeType` is the database's own type for a UTC time without a zone. */
export function statusColumns(names: StatusColumnNames, timeType: 'datetime' | 'timestamp'): Columns<StatusRow> {
  return {
    id: { type: 'bigint', primary: true, generated: 'increment' },
    table: { name: 'table_name', type: 'varchar', length: 255, unique: true },
    lastSucceeded: { name: names.lastSucceeded, type: timeType, precision: 6 },
    rows: { name: names.rows, type: 'bigint', nullable: true },
    status: { name: names.status, type: 'varchar', length: 50, nullable: true },
    lastError: { name: 'last_error', type: 'varchar', length: 64, nullable: true },
    consecutiveFailures: { name: 'consecutive_failures', type: 'int' },
    updatedAt: { name: '_updated_at', type: 'timestamp', nullable: true },
  };
}

/** Columns of the two status tables that Tidemark's own hops keep. */
export function hopStatusColumns(names: StatusColumnNames, timeType: 'datetime' | 'timestamp'): Columns<HopStatusRow> {
  return {
    ...statusColumns(names, timeType),
    watermarks: { type: timeType === 'datetime' ? 'json' : 'jsonb', nullable: true },
    highestKey: { name: 'highest_key', type: 'varchar', length: 32, nullable: true },
    structure: { type: 'varchar', length: 255, nullable: true },
    copySequence: { name: 'copy_sequence', type: 'bigint', nullable: true },
    sourceAsOf: { name: 'source_as_of', type: timeType, precision: 6, nullable: true },
    strategy: { type: 'varchar', length: 32, nullable: true },
    digestedAt: { name: 'digested_at', type: timeType, precision: 6, nullable: true },
    columnQuality: { name: 'column_quality', type: timeType === 'datetime' ? 'json' : 'jsonb', nullable: true },
  };
}
