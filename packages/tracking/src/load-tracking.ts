import type { TidemarkError } from '@tidemark/errors';
import type { Watermarks } from '@tidemark/incremental';
import type { PoolClient } from 'pg';

import type { OpenOptions, TrackingEndpoint } from './open-options.ts';
import type {
  HistoryEntry,
  HistoryFilter,
  HopState,
  HopSuccess,
  MigrationReport,
  RunStart,
  SeedReport,
} from './types.ts';

export interface LoadOpenOptions extends OpenOptions {
  /** Schema of the raw and the tracking tables. `raw` where not given. */
  readonly schema?: string | undefined;
}

/** What dbt did with one model, as `raw.etl_transform_status` keeps it. */
export interface TransformState {
  readonly model: string;
  readonly status: 'pending' | 'success' | 'failed';
  /** ISO 8601 UTC; null when it never succeeded. */
  readonly lastSucceededAt: string | null;
  readonly rows: number;
  readonly lastError: string | null;
  readonly consecutiveFailures: number;
}

/** The result of one model of one dbt invocation. */
export interface TransformResult {
  readonly model: string;
  readonly status: 'success' | 'failed';
  /** Rows affected where the adapter says so; null leaves the stored count. */
  readonly rows: number | null;
  /** When the model started and finished, ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** Tracking of the load hop (and of the transform hop's results), in the warehouse. */
export interface LoadTracking {
  readonly schema: string;
  /** Creates the schema where missing, creates or upgrades the tracking tables; nothing that is there is dropped. */
  migrate(): Promise<MigrationReport>;
  /** @throws TidemarkError TRACKING_NOT_MIGRATED or TRACKING_NEWER */
  requireCurrent(): Promise<void>;
  states(): Promise<readonly HopState[]>;
  state(table: string): Promise<HopState | null>;
  transformStates(): Promise<readonly TransformState[]>;
  /** Upserts `etl_transform_status` and the history, all in one transaction; an older result does not undo a newer one. */
  recordTransforms(runId: string, results: readonly TransformResult[]): Promise<void>;
  /** Newest first. */
  history(filter?: HistoryFilter): Promise<readonly HistoryEntry[]>;
  /** Creates `pending` records for the tables that have none; existing records are not touched. */
  seedPending(tables: readonly string[]): Promise<SeedReport>;
  /** A connection of its own, for one table at a time. */
  openSession(): Promise<LoadSession>;
  close(): Promise<void>;
}

/** The load hop's counterpart of `CopySession`; see there for what each method promises. */
export interface LoadSession {
  /** The raw client that rows are written on: time zone UTC, bigint and numeric come as text. */
  readonly client: PoolClient;
  lock(table: string, waitSeconds?: number): Promise<void>;
  unlock(table: string): Promise<void>;
  state(table: string): Promise<HopState | null>;
  recordStart(start: RunStart): Promise<void>;
  commit(table: string, runId: string, work: () => Promise<HopSuccess>): Promise<HopSuccess>;
  recordFailure(table: string, runId: string, error: TidemarkError): Promise<void>;
  resetState(table: string): Promise<void>;
  replaceWatermarks(table: string, watermarks: Watermarks): Promise<void>;
  release(): Promise<void>;
}

/** Opens the tracking of the load hop. @throws TidemarkError when the warehouse cannot be reached */
export declare function openLoadTracking(endpoint: TrackingEndpoint, options?: LoadOpenOptions): Promise<LoadTracking>;
