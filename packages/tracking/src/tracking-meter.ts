import type { QueryRunner } from 'typeorm';

import { statementsOf } from './statement-count.ts';
import type { AttemptCost } from './types.ts';

/** What sessions spent after the last entry that they could write it into; the next entry of the pool takes it over. */
export interface CarriedCost {
  cost: AttemptCost;
}

export const NO_COST: AttemptCost = { elapsedMs: 0, trackingMs: 0, statements: 0, trackingStatements: 0 };

/**
 * Measures what a session spends, and how much of that on tracking.
 *
 * Everything that tracking asks for goes through TypeORM's runner, everything else through the connection below it. So
 * a statement of the runner is tracking, unless it is the BEGIN or COMMIT that the rows need as well (`aside`).
 */
export class TrackingMeter {
  readonly #carried: CarriedCost;
  readonly #connection: object;
  #taken: { readonly at: number; readonly statements: number };
  #over: AttemptCost;
  #trackingMs = 0;
  #trackingStatements = 0;
  #isAside = false;
  #isRecorded = false;

  /** @param connection the one below the runner */
  constructor(runner: QueryRunner, connection: object, carried: CarriedCost) {
    this.#carried = carried;
    this.#connection = connection;
    this.#over = carried.cost;
    carried.cost = NO_COST;
    this.#taken = { at: performance.now(), statements: statementsOf(connection) };
    const query = runner.query.bind(runner);
    runner.query = (...given: Parameters<QueryRunner['query']>) => this.#measured(() => query(...given));
  }

  /** Runs what belongs to the rows though it goes through the runner. */
  async aside<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#isAside = true;
    try {
      return await work();
    } finally {
      this.#isAside = false;
    }
  }

  /** What was spent since the last time it was asked, to be written down. */
  take(otherStatements: number): AttemptCost {
    const cost = this.#since(otherStatements);
    this.#forget();
    this.#isRecorded = true;
    return cost;
  }

  /** The session is over. What the end of a success cost is left to the next entry; a failure's cost is told nowhere. */
  end(): void {
    if (this.#isRecorded) this.#carried.cost = addCosts(this.#carried.cost, this.#since(0));
  }

  async #measured<Result>(query: () => Promise<Result>): Promise<Result> {
    if (this.#isAside) return query();
    const from = performance.now();
    this.#trackingStatements += 1;
    try {
      return await query();
    } finally {
      this.#trackingMs += performance.now() - from;
    }
  }

  #since(otherStatements: number): AttemptCost {
    return addCosts(this.#over, {
      elapsedMs: performance.now() - this.#taken.at,
      trackingMs: this.#trackingMs,
      statements: statementsOf(this.#connection) - this.#taken.statements + otherStatements,
      trackingStatements: this.#trackingStatements,
    });
  }

  #forget(): void {
    this.#over = NO_COST;
    this.#trackingMs = 0;
    this.#trackingStatements = 0;
    this.#taken = { at: performance.now(), statements: statementsOf(this.#connection) };
  }
}

function addCosts(one: AttemptCost, other: AttemptCost): AttemptCost {
  return {
    elapsedMs: one.elapsedMs + other.elapsedMs,
    trackingMs: one.trackingMs + other.trackingMs,
    statements: one.statements + other.statements,
    trackingStatements: one.trackingStatements + other.trackingStatements,
  };
}
