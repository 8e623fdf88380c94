import type { ColumnQualityPolicy, IncrementalLogic, Strategy } from '@tidemark/incremental';

/** What happens in the replica and the warehouse to a row that was hard-deleted in the source. */
export type DeletePolicy = 'remove' | 'flag' | 'ignore';

/**
 * The key of `lookbackSeconds` that stands for every incremental column not named beside it.
 *
 * The columns may not be written in tables.yml at all, so a lookback for all of them cannot be spelled out per column.
 */
export const EVERY_COLUMN = '*';

/** Column name (or `EVERY_COLUMN`) → seconds. Has no prototype: a column may be called `constructor`. */
export type LookbackSeconds = Readonly<Record<string, number>>;

/** The settings that Tidemark adds to the format; each may stand in a table or under `defaults:`. Null: not given. */
export interface OwnSettings {
  readonly lookbackSeconds: LookbackSeconds | null;
  readonly incrementalLogic: IncrementalLogic | null;
  readonly columnQuality: ColumnQualityPolicy | null;
  readonly deletes: DeletePolicy | null;
  readonly tags: readonly string[] | null;
  readonly timeColumnZone: string | null;
  readonly digestEvery: number | 'never' | null;
  readonly fullTableBelowRows: number | null;
}

/** One table as tables.yml describes it. Null: not given. */
export interface TableEntry {
  /** The key under `tables:`. */
  readonly key: string;
  /** The table of the source: `table_name`, else the key. */
  readonly table: string;
  readonly strategy: Strategy | null;
  readonly incrementalColumns: readonly string[] | null;
  readonly primaryKey: readonly string[] | null;
  /** Upper bound for the rows of one chunk. */
  readonly batchRows: number | null;
  readonly estimatedRows: number | null;
  readonly estimatedSizeMb: number | null;
  readonly performanceCategory: string | null;
  readonly monitoring: Readonly<Record<string, unknown>> | null;
  readonly own: OwnSettings;
  /** Keys that Tidemark does not know, as they stand in the file. */
  readonly other: Readonly<Record<string, unknown>>;
}

/** A span of the source's wall clock, in minutes after midnight; it goes over midnight when `until` is below `from`. */
export interface TimeWindow {
  readonly from: number;
  readonly until: number;
}

/** Top-level `source:`. Null: not given. */
export interface SourceSettings {
  readonly window: TimeWindow | null;
  /** Rows that all jobs together read in a second. */
  readonly maxRowsPerSecond: number | null;
  /** `Threads_running` of the server above which reading pauses. */
  readonly pauseAboveThreadsRunning: number | null;
  /** Seconds after which the server ends a statement. */
  readonly statementTimeoutSeconds: number | null;
}

/** Top-level `keep:`: how long records of what was done stay, in seconds. Null: not given. */
export interface KeepSettings {
  readonly tombstones: number | 'forever' | null;
  readonly history: number | 'forever' | null;
}

/** Top-level `run:`. Null: not given. */
export interface RunDefaults {
  readonly jobs: number | null;
  readonly logLevel: LogLevel | null;
  readonly retries: number | null;
  readonly stallSeconds: number | null;
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface TablesFile {
  readonly fileName: string;
  /** By table of the source (`TableEntry.table`), in the order of the file. */
  readonly tables: ReadonlyMap<string, TableEntry>;
  readonly defaults: OwnSettings;
  readonly source: SourceSettings;
  readonly run: RunDefaults;
  readonly keep: KeepSettings;
  /** Not wrong, and yet probably not meant: keys one slip away from a known one. For people, with line and column. */
  readonly warnings: readonly string[];
}
