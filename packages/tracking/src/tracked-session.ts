import { TidemarkError } from '@tidemark/errors';
import type { Watermarks } from '@tidemark/incremental';
import type { DataSource, QueryRunner } from 'typeorm';

import { classifyTrackingError } from './classify-tracking-error.ts';
import type { TableLock } from './locks/table-lock.ts';
import { reachPoint } from './reach-point.ts';
import { finishEntry, insertEntry, runOfBackend } from './statements/history-entries.ts';
import { markInterrupted } from './statements/mark-interrupted.ts';
import { readState } from './statements/read-states.ts';
import { recordFailure } from './statements/record-failure.ts';
import { recordSuccess } from './statements/record-success.ts';
import { forgetColumns, replaceWatermarks, resetState } from './statements/reset-state.ts';
import type { Tier } from './tier.ts';
import type { CarriedCost, TrackingMeter } from './tracking-meter.ts';
import type { HopState, HopSuccess, RunStart } from './types.ts';

/** What a session needs that the two databases do differently. */
export interface SessionDialect {
  readonly lock: TableLock;
  /** Session settings, sent whenever a connection is taken. */
  prepare(runner: QueryRunner): Promise<void>;
  /** Throws when the transaction that was begun is over: something in `work` ended it. */
  requireTransaction(runner: QueryRunner): Promise<void>;
  /** Closes the connection itself, so that the server frees what the session holds. */
  destroy(runner: QueryRunner): Promise<void>;
  /** Number of the session on the server, as the driver knows it without asking. */
  backendOf(runner: QueryRunner): Promise<string | null>;
}

/** What the sessions of one opening share. */
export interface SessionPool {
  readonly dataSource: DataSource;
  readonly tier: Tier;
  readonly dialect: SessionDialect;
  /** Server-side numbers of connections that were given up on this side; the server may not have noticed. */
  readonly abandoned: Set<string>;
  readonly carried: CarriedCost;
}

/** A connection in use, and what measures it. */
export interface MeteredRunner {
  readonly runner: QueryRunner;
  readonly meter: TrackingMeter;
  /** Number of the session on the server. Kept, because TypeORM lets go of a connection the moment it breaks. */
  readonly backend: string | null;
}

/** Seconds that a server gets to end a session that was given up. */
const ENDING_SECONDS = 10;

/**
 * The part of a session that is the same in both hops: lock, history, and the transaction in which rows and tracking
 * move together. `CopySession` and `LoadSession` say what each method promises.
 */
export class TrackedSession {
  readonly #dataSource: DataSource;
  readonly #tier: Tier;
  readonly #dialect: SessionDialect;
  readonly #abandoned: Set<string>;
  readonly #held = new Set<string>();
  /** Number of the attempt whose entry this session has written, by table. */
  readonly #attempts = new Map<string, number>();
  readonly #otherStatements = new Map<string, () => number>();
  readonly #runner: QueryRunner;
  readonly #meter: TrackingMeter;
  readonly #backend: string | null;
  /** True from the moment the connection can no longer be trusted to be idle and alive. */
  #broken = false;

  constructor({ dataSource, tier, dialect, abandoned }: SessionPool, { runner, meter, backend }: MeteredRunner) {
    this.#dataSource = dataSource;
    this.#runner = runner;
    this.#meter = meter;
    this.#backend = backend;
    this.#tier = tier;
    this.#dialect = dialect;
    this.#abandoned = abandoned;
  }

  async lock(table: string, waitSeconds = 0): Promise<void> {
    if (this.#held.has(table)) throw this.#defect(table, 'the session holds this table already');
    await this.#do(table, async () => {
      const { lock } = this.#dialect;
      const taken =
        (await lock.take(this.#runner, table, waitSeconds)) ||
        ((await this.#endAbandoned(this.#runner, table)) && (await lock.take(this.#runner, table, ENDING_SECONDS)));
      if (!taken) throw await this.#lockedByAnother(table);
      this.#held.add(table);
      await markInterrupted(this.#runner.manager, this.#tier, table);
    });
    await reachPoint(this.#tier.points.locked, table);
  }

  async unlock(table: string): Promise<void> {
    if (!this.#held.delete(table)) return;
    try {
      if (!this.#broken) await this.#do(table, () => this.#dialect.lock.give(this.#runner, table));
    } catch (error) {
      // The lock of a broken connection is gone with it, or goes when `release` destroys it: it is free either way.
      if (!this.#broken) throw error;
    }
  }

  state(table: string): Promise<HopState | null> {
    return this.#do(table, () => readState(this.#runner.manager, this.#tier, table));
  }

  async recordStart(start: RunStart): Promise<void> {
    this.#requireLock(start.table);
    await this.#do(start.table, async () => {
      const backendId = await this.#dialect.lock.ownId(this.#runner);
      this.#attempts.set(start.table, await insertEntry(this.#runner.manager, this.#tier, { ...start, backendId }));
    });
    if (start.otherStatements) this.#otherStatements.set(start.table, start.otherStatements);
    await reachPoint(this.#tier.points.runRecorded, start.table);
  }

  async commit(table: string, runId: string, work: () => Promise<HopSuccess>): Promise<HopSuccess> {
    const { points } = this.#tier;
    const success = await this.transact(table, async (runner) => {
      const done = await work();
      await reachPoint(points.worked, table);
      await this.#dialect.requireTransaction(runner);
      await recordSuccess(runner.manager, this.#tier, table, done);
      const { counts, changes } = done;
      const cost = this.#meter.take(this.#otherStatements.get(table)?.() ?? 0);
      const end = { status: 'success', errorCode: null, counts, changes, cost } as const;
      const attempt = this.#attempts.get(table) ?? 0;
      const met = await finishEntry(runner.manager, this.#tier, { table, runId, attempt }, end);
      if (met === 0) throw this.#defect(table, 'the run has no history entry: recordStart was not called');
      await reachPoint(points.tracked, table);
      await reachPoint(points.beforeCommit, table);
      return done;
    });
    await reachPoint(points.afterCommit, table);
    return success;
  }

  /** BEGIN, `work`, COMMIT; ROLLBACK when it throws. Needs the table's lock. */
  async transact<Result>(table: string, work: (runner: QueryRunner) => Promise<Result>): Promise<Result> {
    this.#requireLock(table);
    // TypeORM would make a savepoint of it, and the outer COMMIT would decide.
    if (this.#runner.isTransactionActive) throw this.#defect(table, 'the session is within a transaction already');
    await this.#do(table, () => this.#meter.aside(() => this.#runner.startTransaction()));
    try {
      const result = await work(this.#runner);
      await this.#meter.aside(() => this.#runner.commitTransaction());
      return result;
    } catch (error) {
      await this.#rollBack();
      throw classifyTrackingError(error, this.#tier.where, table);
    }
  }

  async recordFailure(table: string, runId: string, error: TidemarkError): Promise<void> {
    const failure = { table, runId, attempt: this.#attempts.get(table) ?? null, code: error.code };
    await reachPoint(this.#tier.points.beforeFailureRecorded, table);
    if (!(await this.#recordedHere(failure))) await this.#recordElsewhere(failure);
    await reachPoint(this.#tier.points.failureRecorded, table);
  }

  async resetState(table: string): Promise<void> {
    await this.transact(table, (runner) => resetState(runner.manager, this.#tier, table));
  }

  async forgetColumns(table: string): Promise<void> {
    await this.transact(table, (runner) => forgetColumns(runner.manager, this.#tier, table));
  }

  async replaceWatermarks(table: string, watermarks: Watermarks): Promise<void> {
    await this.transact(table, (runner) => replaceWatermarks(runner.manager, this.#tier, table, watermarks));
  }

  async release(): Promise<void> {
    // A lock that was not given back would stay with a pooled connection, out of anyone's sight.
    const untidy = this.#broken || this.#held.size > 0;
    // Asked for, because the server frees the locks of a destroyed connection only when it notices that it is gone.
    for (const table of this.#held) await this.#giveBack(table);
    this.#meter.end();
    if (untidy) await this.#abandon();
    await this.#runner.release();
  }

  /** What hinders it has broken the connection, and then the lock goes with it. */
  async #giveBack(table: string): Promise<void> {
    try {
      await this.unlock(table);
    } catch {
      this.#broken = true;
    }
  }

  /** On the session's own connection; false when that is gone, so that the caller takes another one. */
  async #recordedHere(failure: Parameters<typeof recordFailure>[2]): Promise<boolean> {
    if (this.#broken) return false;
    try {
      await recordFailure(this.#runner.manager, this.#tier, failure);
      return true;
    } catch (error) {
      const known = classifyTrackingError(error, this.#tier.where, failure.table);
      if (known.code !== 'CONNECTION_LOST') throw known;
      this.#broken = true;
      return false;
    }
  }

  /** The broken connection is destroyed first: it may be the last one that the pool has to give. */
  async #recordElsewhere(failure: Parameters<typeof recordFailure>[2]): Promise<void> {
    await this.#abandon();
    const runner = this.#dataSource.createQueryRunner();
    try {
      await this.#dialect.prepare(runner);
      await this.#endAbandoned(runner, failure.table);
      await recordFailure(runner.manager, this.#tier, failure);
    } catch (error) {
      throw classifyTrackingError(error, this.#tier.where, failure.table);
    } finally {
      await runner.release();
    }
  }

  async #abandon(): Promise<void> {
    if (this.#backend !== null) this.#abandoned.add(this.#backend);
    await this.#dialect.destroy(this.#runner);
  }

  /**
   * Has the server end a session of this process that was given up here and holds the table there still, with its lock
   * and its transaction: where the network broke without a word, the server would wait for it for hours.
   *
   * @returns whether there was one
   */
  async #endAbandoned(runner: QueryRunner, table: string): Promise<boolean> {
    if (this.#abandoned.size === 0) return false;
    const holder = await this.#dialect.lock.holder(runner, table);
    if (holder === null || !this.#abandoned.has(holder)) return false;
    await this.#dialect.lock.endHolder(runner, holder);
    return true;
  }

  /** What made the transaction fail stays the error; a ROLLBACK that fails too means that the connection is gone. */
  async #rollBack(): Promise<void> {
    try {
      await this.#runner.rollbackTransaction();
    } catch {
      this.#broken = true;
    }
  }

  async #lockedByAnother(table: string): Promise<TidemarkError> {
    const holder = await this.#dialect.lock.holder(this.#runner, table);
    const run = holder === null ? null : await runOfBackend(this.#runner.manager, this.#tier, table, holder);
    const by = run === null ? 'another session, which is just beginning or ending its run' : `run ${run}`;
    return new TidemarkError('TABLE_LOCKED', {
      message: `${this.#tier.where}: the ${this.#tier.hop} of this table is held by ${by}`,
      hint: 'Wait until it is done. If its process is gone, the server frees the table when it notices.',
      table,
    });
  }

  async #do<Result>(table: string, act: () => Promise<Result>): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      const known = classifyTrackingError(error, this.#tier.where, table);
      if (known.code === 'CONNECTION_LOST') this.#broken = true;
      throw known;
    }
  }

  #requireLock(table: string): void {
    if (!this.#held.has(table)) throw this.#defect(table, 'the table is not locked by this session');
  }

  #defect(table: string, what: string): TidemarkError {
    return new TidemarkError('INTERNAL', {
      message: `${this.#tier.where}: ${what}`,
      hint: 'This is a defect: report it.',
      table,
    });
  }
}
