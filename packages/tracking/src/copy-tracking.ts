import type { TidemarkError } from '@tidemark/errors';
import type { Watermarks } from '@tidemark/incremental';
import type { PoolConnection } from 'mysql2';
import type { QueryRunner } from 'typeorm';

import { copyStatus } from './entities/copy-status.ts';
import { mysqlTableLock } from './locks/mysql-table-lock.ts';
import { readTable } from './migrations/mysql/read-table.ts';
import { openReplica } from './open-data-source.ts';
import type { OpenOptions, TrackingEndpoint } from './open-options.ts';
import { reachPoint } from './reach-point.ts';
import { requireCurrent } from './recorded-migrations.ts';
import { replicaDialect, replicaMigrations } from './replica-dialect.ts';
import { runMigrations } from './run-migrations.ts';
import { pruneHistory } from './statements/prune-history.ts';
import { readHistory } from './statements/read-history.ts';
import { columnNames, readRecords } from './statements/read-records.ts';
import { readState, readStates } from './statements/read-states.ts';
import { seedPending } from './statements/seed-pending.ts';
import { sumHistory } from './statements/sum-history.ts';
import { updateStatus } from './statements/update-status.ts';
import { TRACKING_TABLES } from './table-names.ts';
import { copyTier } from './tier.ts';
import { NO_COST } from './tracking-meter.ts';
import { TrackedSession, type SessionDialect, type SessionPool } from './tracked-session.ts';
import type {
  HistoryEntry,
  HistoryFilter,
  HistorySum,
  HopState,
  HopSuccess,
  MigrationReport,
  RunStart,
  SeedReport,
  TrackingRecord,
} from './types.ts';
import { closeDataSource, takeRunner, withRunner } from './with-runner.ts';

/** Tracking of the copy hop, in the replica database. */
export interface CopyTracking {
  /** Creates or upgrades the tracking tables; nothing that is there is dropped. Safe when two processes call it at once. */
  migrate(): Promise<MigrationReport>;
  /** @throws TidemarkError TRACKING_NOT_MIGRATED or TRACKING_NEWER */
  requireCurrent(): Promise<void>;
  /** All records, by table name. */
  states(): Promise<readonly HopState[]>;
  state(table: string): Promise<HopState | null>;
  /** Newest first. */
  history(filter?: HistoryFilter): Promise<readonly HistoryEntry[]>;
  /** All records, whoever wrote them. */
  records(): Promise<readonly TrackingRecord[]>;
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
  /** A connection of its own, for one table at a time. */
  openSession(): Promise<CopySession>;
  close(): Promise<void>;
}

/**
 * One database connection on which both the rows and their tracking are written, so that they move together (P1).
 *
 * A session serves one table at a time: `lock`, `recordStart`, `commit` or `recordFailure`, `unlock`.
 */
export interface CopySession {
  /**
   * The raw connection that rows are written on; `time_zone` is '+00:00', values come as text. Outside `commit` and
   * `commitChunk` it is in autocommit mode. Never start or end a transaction on it yourself within their `work`.
   */
  readonly connection: PoolConnection;
  /**
   * Takes the table for this hop; free again at `unlock`, `release` or when the connection ends.
   *
   * @param waitSeconds how long to wait for another run to finish; 0 where not given
   * @throws TidemarkError TABLE_LOCKED, its message names the run that holds the table
   */
  lock(table: string, waitSeconds?: number): Promise<void>;
  unlock(table: string): Promise<void>;
  state(table: string): Promise<HopState | null>;
  /** Writes the history row of the run, committed at once. */
  recordStart(start: RunStart): Promise<void>;
  /**
   * BEGIN, `work`, status row and end of the history row, COMMIT. Anything thrown before the COMMIT undoes all of it.
   */
  commit(table: string, runId: string, work: () => Promise<HopSuccess>): Promise<HopSuccess>;
  /** One chunk of a first copy: its rows and the resume point in one transaction; status and watermarks stay. */
  commitChunk(table: string, work: () => Promise<{ readonly resume: string }>): Promise<void>;
  /**
   * Says that the run failed and moves nothing else (P4). Works also after the session's connection broke.
   * Not for TABLE_LOCKED: then nothing was tried.
   */
  recordFailure(table: string, runId: string, error: TidemarkError): Promise<void>;
  /** Forgets what was copied (status `pending`, no watermarks): the next run is a full one. The history stays. */
  resetState(table: string): Promise<void>;
  /**
   * Forgets which columns were copied, and how far a first copy came: the next run that succeeds reads every row, whether
   * this one comes to its end or not. For who is about to change rows that are there.
   */
  forgetColumns(table: string): Promise<void>;
  /** Replaces the watermarks of a table that has succeeded before, to make the next run read further back. */
  replaceWatermarks(table: string, watermarks: Watermarks): Promise<void>;
  /** Unlocks and gives the connection back. The session is over. */
  release(): Promise<void>;
}

/** Opens the tracking of the copy hop. @throws TidemarkError when the replica cannot be reached */
export async function openCopyTracking(endpoint: TrackingEndpoint, options: OpenOptions = {}): Promise<CopyTracking> {
  const opened = await openReplica(endpoint, options);
  const { dataSource } = opened;
  const dialect = replicaDialect(endpoint.database);
  const seed = { where: copyTier.where, status: copyStatus, lock: mysqlTableLock(endpoint.database, 'seed') };
  const columnsOf = async (runner: QueryRunner): Promise<readonly string[]> =>
    columnNames(await readTable(runner, TRACKING_TABLES.copyStatus));
  const pool = { dataSource, tier: copyTier, dialect, abandoned: new Set<string>(), carried: { cost: NO_COST } };
  const use = <Result>(act: (runner: QueryRunner) => Promise<Result>): Promise<Result> =>
    withRunner(dataSource, copyTier.where, dialect, act);
  return {
    migrate: () => use((runner) => runMigrations(dataSource, runner, copyTier, replicaMigrations(endpoint.database))),
    requireCurrent: () => use((runner) => requireCurrent(dataSource, runner, copyTier)),
    states: () => use((runner) => readStates(runner.manager, copyTier)),
    state: (table) => use((runner) => readState(runner.manager, copyTier, table)),
    history: (filter = {}) => use((runner) => readHistory(runner.manager, copyTier, filter)),
    records: () => use(async (runner) => readRecords(runner, copyStatus, await columnsOf(runner))),
    pruneHistory: (keepSeconds) => use((runner) => pruneHistory(runner.manager, copyTier, keepSeconds)),
    seedPending: (tables) => use((runner) => seedPending(runner, seed, tables)),
    sumHistory: (since) => use((runner) => sumHistory(runner.manager, copyTier, since)),
    openSession: () => openCopySession(pool),
    close: () => closeDataSource(opened, copyTier.where),
  };
}

async function openCopySession(pool: SessionPool): Promise<CopySession> {
  const { dialect } = pool;
  const metered = await takeRunner(pool);
  const connection: PoolConnection = await metered.runner.connect();
  const session = new TrackedSession(pool, metered);
  return {
    connection,
    lock: (table, waitSeconds) => session.lock(table, waitSeconds),
    unlock: (table) => session.unlock(table),
    state: (table) => session.state(table),
    recordStart: (start) => session.recordStart(start),
    commit: (table, runId, work) => session.commit(table, runId, work),
    commitChunk: (table, work) => commitChunk(session, dialect, table, work),
    recordFailure: (table, runId, error) => session.recordFailure(table, runId, error),
    resetState: (table) => session.resetState(table),
    forgetColumns: (table) => session.forgetColumns(table),
    replaceWatermarks: (table, watermarks) => session.replaceWatermarks(table, watermarks),
    release: () => session.release(),
  };
}

async function commitChunk(
  session: TrackedSession,
  dialect: SessionDialect,
  table: string,
  work: () => Promise<{ readonly resume: string }>,
): Promise<void> {
  await session.transact(table, async (runner) => {
    const { resume } = await work();
    await dialect.requireTransaction(runner);
    await updateStatus(runner.manager, copyTier, table, { set: { resume } });
    await reachPoint('copy.before-chunk-commit', table);
  });
  await reachPoint('copy.after-chunk-commit', table);
}
