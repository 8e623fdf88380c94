import type { TidemarkError } from '@tidemark/errors';
import type { Watermarks } from '@tidemark/incremental';
import type { PoolClient } from 'pg';
import type { QueryRunner } from 'typeorm';

import { loadStatus } from './entities/load-status.ts';
import { transformStatus } from './entities/transform-status.ts';
import { postgresTableLock } from './locks/postgres-table-lock.ts';
import { readTable } from './migrations/postgres/read-table.ts';
import { openWarehouse } from './open-data-source.ts';
import type { OpenOptions, TrackingEndpoint } from './open-options.ts';
import { requireCurrent } from './recorded-migrations.ts';
import { refuseHiddenRecords } from './row-security.ts';
import { runMigrations } from './run-migrations.ts';
import { readComparisons } from './statements/read-comparisons.ts';
import { pruneHistory } from './statements/prune-history.ts';
import { readHistory } from './statements/read-history.ts';
import { columnNames, readRecords } from './statements/read-records.ts';
import { readState, readStates } from './statements/read-states.ts';
import { seedPending, type SeedTarget } from './statements/seed-pending.ts';
import { tableOf, type StatusEntity } from './statements/update-status.ts';
import { sumHistory } from './statements/sum-history.ts';
import { readTransformStates } from './statements/read-transforms.ts';
import { recordTransforms } from './statements/record-transforms.ts';
import { readProofs, recordVerification } from './statements/verifications.ts';
import { loadTier } from './tier.ts';
import { NO_COST } from './tracking-meter.ts';
import { TrackedSession, type SessionPool } from './tracked-session.ts';
import type {
  Comparison,
  HistoryEntry,
  HistoryFilter,
  HistorySum,
  HopState,
  HopSuccess,
  MigrationReport,
  Proof,
  RunStart,
  SeedReport,
  TrackingRecord,
  TransformResult,
  TransformState,
  VerificationEntry,
} from './types.ts';
import { warehouseDialect, warehouseMigrations } from './warehouse-dialect.ts';
import { closeDataSource, takeRunner, withRunner } from './with-runner.ts';

export interface LoadOpenOptions extends OpenOptions {
  /** Schema of the raw and the tracking tables. `raw` where not given. */
  readonly schema?: string | undefined;
}

/** Tracking of the load hop (and of the transform hop's results), in the warehouse. */
export interface LoadTracking {
  readonly schema: string;
  /** Creates the schema where missing, creates or upgrades the tracking tables; nothing that is there is dropped. */
  migrate(): Promise<MigrationReport>;
  /** @throws TidemarkError TRACKING_NOT_MIGRATED, TRACKING_NEWER or RIGHT_MISSING */
  requireCurrent(): Promise<void>;
  states(): Promise<readonly HopState[]>;
  state(table: string): Promise<HopState | null>;
  transformStates(): Promise<readonly TransformState[]>;
  /** What comparisons of whole tables found, newest first; null where no ledger of them is kept. */
  comparisons(): Promise<readonly Comparison[] | null>;
  /**
   * Upserts `etl_transform_status` and the history, all in one transaction; an older result does not undo a newer one.
   *
   * @returns the models whose result of this run was not recorded yet
   */
  recordTransforms(runId: string, results: readonly TransformResult[]): Promise<readonly string[]>;
  /** Writes down what came of comparing a table. */
  recordVerification(entry: VerificationEntry): Promise<void>;
  /** When each table was last compared whole and found equal. */
  proofs(): Promise<readonly Proof[]>;
  /** Newest first. */
  history(filter?: HistoryFilter): Promise<readonly HistoryEntry[]>;
  /** All records of the load hop, whoever wrote them. */
  records(): Promise<readonly TrackingRecord[]>;
  /** The same of the transform hop; `table` is the model's name. */
  transformRecords(): Promise<readonly TrackingRecord[]>;
  /** By table; attempts that started before `since` (ISO 8601 UTC) are left out. */
  sumHistory(since: string): Promise<readonly HistorySum[]>;
  /**
   * Deletes entries of the history that began longer ago; the last one of each table stays.
   *
   * @returns how many went
   */
  pruneHistory(keepSeconds: number): Promise<number>;
  /** Creates `pending` records for the tables that have none; existing records are not touched. */
  seedPending(tables: readonly string[]): Promise<SeedReport>;
  /** The same in `etl_transform_status`. */
  seedTransforms(models: readonly string[]): Promise<SeedReport>;
  /** A connection of its own, for one table at a time. */
  openSession(): Promise<LoadSession>;
  close(): Promise<void>;
}

/** The load hop's counterpart of `CopySession`; see there for what each method promises. */
export interface LoadSession {
  /** The raw client that rows are written on: time zone UTC, bigint and numeric come as text. */
  readonly client: PoolClient;
  /** Ends the connection at once, whatever it is doing; what was not committed is undone. `recordFailure` works still. */
  abandon(): Promise<void>;
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
export async function openLoadTracking(
  endpoint: TrackingEndpoint,
  options: LoadOpenOptions = {},
): Promise<LoadTracking> {
  const schema = options.schema ?? 'raw';
  const opened = await openWarehouse(endpoint, schema, options);
  const { dataSource } = opened;
  const dialect = warehouseDialect(schema);
  const seed = (status: StatusEntity): SeedTarget => ({
    where: loadTier.where,
    status,
    lock: postgresTableLock(schema, 'seed'),
  });
  const columnsOf = async (runner: QueryRunner, status: StatusEntity): Promise<readonly string[]> =>
    columnNames(await readTable(runner, schema, tableOf(status)));
  const pool = { dataSource, tier: loadTier, dialect, abandoned: new Set<string>(), carried: { cost: NO_COST } };
  const use = <Result>(act: (runner: QueryRunner) => Promise<Result>): Promise<Result> =>
    withRunner(dataSource, loadTier.where, dialect, act);
  return {
    schema,
    migrate: () => use((runner) => runMigrations(dataSource, runner, loadTier, warehouseMigrations(schema))),
    requireCurrent: () =>
      use(async (runner) => {
        await refuseHiddenRecords(await runner.connect(), schema);
        await requireCurrent(dataSource, runner, loadTier);
      }),
    states: () => use((runner) => readStates(runner.manager, loadTier)),
    state: (table) => use((runner) => readState(runner.manager, loadTier, table)),
    comparisons: () => use((runner) => readComparisons(runner, dataSource)),
    transformStates: () => use((runner) => readTransformStates(runner.manager)),
    recordTransforms: (runId, results) => use((runner) => recordTransforms(runner.manager, runId, results)),
    recordVerification: (entry) => use((runner) => recordVerification(runner.manager, entry)),
    proofs: () => use((runner) => readProofs(runner.manager)),
    history: (filter = {}) => use((runner) => readHistory(runner.manager, loadTier, filter)),
    records: () => use(async (runner) => readRecords(runner, loadStatus, await columnsOf(runner, loadStatus))),
    transformRecords: () =>
      use(async (runner) => readRecords(runner, transformStatus, await columnsOf(runner, transformStatus))),
    pruneHistory: (keepSeconds) => use((runner) => pruneHistory(runner.manager, loadTier, keepSeconds)),
    seedPending: (tables) => use((runner) => seedPending(runner, seed(loadStatus), tables)),
    seedTransforms: (models) => use((runner) => seedPending(runner, seed(transformStatus), models)),
    sumHistory: (since) => use((runner) => sumHistory(runner.manager, loadTier, since)),
    openSession: () => openLoadSession(pool),
    close: () => closeDataSource(opened, loadTier.where),
  };
}

async function openLoadSession(pool: SessionPool): Promise<LoadSession> {
  const { dialect } = pool;
  const metered = await takeRunner(pool);
  const { runner } = metered;
  const client: PoolClient = await runner.connect();
  const session = new TrackedSession(pool, metered);
  return {
    client,
    abandon: () => dialect.destroy(runner),
    lock: (table, waitSeconds) => session.lock(table, waitSeconds),
    unlock: (table) => session.unlock(table),
    state: (table) => session.state(table),
    recordStart: (start) => session.recordStart(start),
    commit: (table, runId, work) => session.commit(table, runId, work),
    recordFailure: (table, runId, error) => session.recordFailure(table, runId, error),
    resetState: (table) => session.resetState(table),
    replaceWatermarks: (table, watermarks) => session.replaceWatermarks(table, watermarks),
    release: () => session.release(),
  };
}
