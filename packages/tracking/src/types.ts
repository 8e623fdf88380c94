import type { ErrorCode } from '@tidemark/errors';
import type { ColumnQuality, Strategy, Watermarks } from '@tidemark/incremental';

export type Hop = 'copy' | 'load' | 'transform';

/** The only status words there are. What is running now is in the history (no finish time). */
export type TrackingStatus = 'pending' | 'success' | 'failed';

export interface RowCounts {
  readonly rowsRead: number;
  readonly rowsInserted: number;
  readonly rowsUpdated: number;
  readonly rowsDeleted: number;
  readonly rowsUnchanged: number;
  readonly bytes: number;
}

/** Promise P10, as stored in the history: name of the change → number of values. */
export type ChangeCounts = Readonly<Record<string, number>>;

/** One row of `etl_copy_status` or `raw.etl_load_status`, all numbers that may exceed 2^53 as text. */
export interface HopState {
  readonly table: string;
  readonly status: TrackingStatus;
  /** Whether the hop ever succeeded. Everything below is meaningful only then; a later failure leaves it as it is (P4). */
  readonly succeeded: boolean;
  /** When the hop last succeeded, ISO 8601 UTC; null when it never did (the sentinel of 1969 is not shown to code). */
  readonly lastSucceededAt: string | null;
  readonly rows: number;
  readonly watermarks: Watermarks;
  readonly highestKey: string | null;
  readonly structure: string | null;
  /** Copy hop: of the last success. Load hop: of the replica as last loaded. Null: never, or a replica without one. */
  readonly copySequence: string | null;
  /** Snapshot time in UTC, `YYYY-MM-DD HH:MM:SS.ffffff`, that the data stand for. */
  readonly sourceAsOf: string | null;
  readonly strategy: Strategy | null;
  readonly lastError: ErrorCode | null;
  readonly consecutiveFailures: number;
  /** Where a chunked first copy stands (copy hop only): opaque JSON of the replicator; null when none is under way. */
  readonly resume: string | null;
  /** When the table was last compared by digest, as `YYYY-MM-DD HH:MM:SS.ffffff` UTC; null for never. */
  readonly digestedAt: string | null;
  /** What is known of the values in the incremental columns, for the policy `column_quality: skip`. */
  readonly columnQuality: readonly ColumnQuality[];
}

/** What a success writes, in the transaction of its rows. */
export interface HopSuccess {
  /** Rows in the table now, where the hop knows it; else the rows of this run are added to the stored count by the hop. */
  readonly rows: number;
  readonly watermarks: Watermarks;
  readonly highestKey: string | null;
  readonly structure: string | null;
  readonly copySequence: string | null;
  readonly sourceAsOf: string | null;
  readonly strategy: Strategy;
  readonly digestedAt: string | null;
  /** Counts of good and bad values by incremental column; no value. */
  readonly columnQuality: readonly ColumnQuality[];
  readonly counts: RowCounts;
  readonly changes: ChangeCounts;
}

/** What an attempt cost, as this process measured it. */
export interface AttemptCost {
  /** From when its session was opened until its end was written down. */
  readonly elapsedMs: number;
  /** The part of that in which a statement of the tracking was under way. */
  readonly trackingMs: number;
  /** Sent to the databases that the hop works on. */
  readonly statements: number;
  /** Those of them that lock the table, read and write its record, and write the history. */
  readonly trackingStatements: number;
}

/** What the history says of one attempt of a run at one table in one hop. */
export interface HistoryEntry {
  readonly runId: string;
  readonly table: string;
  readonly hop: Hop;
  /** From 1; more than one where the run tried again after an error that may pass. */
  readonly attempt: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly plan: string;
  readonly reason: string;
  readonly counts: RowCounts;
  readonly changes: ChangeCounts;
  readonly status: TrackingStatus | null;
  readonly errorCode: ErrorCode | null;
  /** Null: it did not succeed, or an older version wrote it. */
  readonly cost: AttemptCost | null;
}

/** What the history holds of one table in one hop, added up. */
export interface HistorySum {
  readonly table: string;
  readonly attempts: number;
  /** Attempts of which the cost is known; the four sums below are over these. */
  readonly measured: number;
  readonly elapsedMs: number;
  readonly trackingMs: number;
  readonly statements: number;
  readonly trackingStatements: number;
  /** Attempts that ended with DUPLICATE_KEY. */
  readonly duplicateKeys: number;
  /** When the last of those started, ISO 8601 UTC. */
  readonly lastDuplicateAt: string | null;
}

/** What a comparison of a whole table found. */
export interface Comparison {
  readonly table: string;
  /** ISO 8601 UTC. */
  readonly finishedAt: string;
  readonly isEqual: boolean;
  readonly sourceRows: number;
  /** Cause → rows. */
  readonly causes: Readonly<Record<string, number>>;
  /** Column → rows in which it differed. */
  readonly columns: Readonly<Record<string, number>>;
}

/** Which part of the history to read; newest first. */
export interface HistoryFilter {
  readonly table?: string | undefined;
  readonly runId?: string | undefined;
  /** 100 where not given. */
  readonly limit?: number | undefined;
}

export interface MigrationReport {
  /** Names of the migrations that this call ran; empty when the tables were current. */
  readonly applied: readonly string[];
  /** All migrations recorded in the database now. */
  readonly recorded: readonly string[];
}

export interface SeedReport {
  /** Tables that had no record and have a pending one now. */
  readonly created: readonly string[];
  /** Tables whose record was there and was not touched. */
  readonly existing: readonly string[];
}

/** What a record says of its table's last run, in words that all pipelines share. */
export type RecordedState = 'pending' | 'running' | 'success' | 'failed' | 'unknown';

/** A row of a status table as it stands, whoever wrote it. */
export interface TrackingRecord {
  /** In `etl_transform_status` the name of a model. */
  readonly table: string;
  /** `seed`: it says nothing yet. `older`: another pipeline wrote it, and it is no state to go on from. */
  readonly writtenBy: 'tidemark' | 'seed' | 'older';
  readonly state: RecordedState;
  /** ISO 8601 UTC; null where the record names no time of a success. */
  readonly lastSucceededAt: string | null;
  readonly rows: number;
}

export interface RunStart {
  readonly runId: string;
  readonly table: string;
  /** Kind of plan: `full`, `incremental`, `digest`, … */
  readonly plan: string;
  /** Reason text of the plan; holds no row value. */
  readonly reason: string;
  /** Statements that the hop has sent so far over connections of its own, beside the session's. None where not given. */
  readonly otherStatements?: (() => number) | undefined;
}

/** What one hop did with one table. Failures are thrown, not returned. */
export interface TableResult {
  readonly table: string;
  readonly hop: 'copy' | 'load';
  readonly strategy: Strategy | null;
  readonly reason: string;
  readonly status: 'success' | 'skipped';
  readonly counts: RowCounts;
  readonly changes: ChangeCounts;
  readonly durationMs: number;
}

/** What the hops tell while they work; never a row value. */
export type ProgressEvent =
  | {
      readonly type: 'started';
      readonly hop: 'copy' | 'load';
      readonly table: string;
      readonly plan: string;
      readonly reason: string;
      readonly estimatedRows: number;
    }
  | {
      readonly type: 'progress';
      readonly hop: 'copy' | 'load';
      readonly table: string;
      readonly rows: number;
      readonly bytes: number;
    }
  /** The source has more to do than `source.pause_above_threads_running` allows: nothing is read until it has less. */
  | {
      readonly type: 'paused';
      readonly hop: 'copy';
      readonly table: string;
      readonly threadsRunning: number;
      readonly limit: number;
    }
  | {
      readonly type: 'resumed';
      readonly hop: 'copy';
      readonly table: string;
      readonly waitedMs: number;
    };

/** What came of comparing one table in all three databases, as `raw.etl_verification` keeps it. No row value. */
export interface VerificationEntry {
  readonly runId: string;
  readonly table: string;
  /** ISO 8601 with a zone. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly scope: 'full' | 'sample' | 'since';
  /** `failed`: it could not be compared. */
  readonly verdict: 'match' | 'differs' | 'skipped' | 'failed';
  /** The source's time that the compared rows of replica and raw stand for, UTC without a zone. */
  readonly sourceAsOf: string | null;
  readonly sourceRows: number | null;
  readonly replicaRows: number | null;
  readonly warehouseRows: number | null;
  readonly missing: number;
  readonly extra: number;
  readonly different: number;
  readonly pending: number;
  readonly inMotion: number;
  readonly repaired: number;
  /** Cause → rows. */
  readonly causes: Readonly<Record<string, number>>;
  /** Column → rows in which it differs. */
  readonly columns: Readonly<Record<string, number>>;
  readonly errorCode: ErrorCode | null;
}

/** When a table was last compared whole and found equal. */
export interface Proof {
  readonly table: string;
  /** ISO 8601 UTC. */
  readonly provedAt: string;
}

/** What dbt did with one model, as `raw.etl_transform_status` keeps it. */
export interface TransformState {
  readonly model: string;
  readonly status: TrackingStatus;
  /** ISO 8601 UTC; null when it never succeeded. */
  readonly lastSucceededAt: string | null;
  readonly rows: number;
  /** dbt's own word for the failure: `error`, `fail`, `skipped`; null after a success. */
  readonly lastError: string | null;
  readonly consecutiveFailures: number;
}

/** The result of one model of one dbt invocation. */
export interface TransformResult {
  readonly model: string;
  readonly status: 'success' | 'failed';
  /** dbt's own word for a failure (`error`, `skipped`), never its message; null for a success. */
  readonly error: string | null;
  /** Rows affected where the adapter says so; null leaves the stored count. */
  readonly rows: number | null;
  /** When the model started and finished, ISO 8601 with a zone. */
  readonly startedAt: string;
  readonly finishedAt: string;
}
