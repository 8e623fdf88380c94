import { ERROR_CODES, type ErrorCode } from './codes.ts';

/** What is known about a failure. Facts only: no value of any row may stand in any of them (promise P8). */
export interface ErrorFacts {
  /** What happened, one sentence, without a row value, a password or a URL. */
  readonly message: string;
  /** What the reader can do next, one sentence. */
  readonly hint: string;
  /** The table it happened to, where there is one. */
  readonly table?: string | undefined;
  /** The driver's own code, for looking it up: `ER_DUP_ENTRY`, `1062`, `23505`. Never its text. */
  readonly driverCode?: string | undefined;
}

/**
 * The one error class of Tidemark.
 *
 * A driver's error is never attached as `cause`: its message, DETAIL and parameters may quote patient data, and a
 * logger would print them.
 */
export class TidemarkError extends Error {
  override readonly name = 'TidemarkError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly table: string | undefined;
  readonly driverCode: string | undefined;

  constructor(code: ErrorCode, facts: ErrorFacts) {
    super(facts.message);
    this.code = code;
    this.hint = facts.hint;
    this.table = facts.table;
    this.driverCode = facts.driverCode;
  }

  /** The command's exit code when this error ends it. */
  get exitCode(): number {
    return ERROR_CODES[this.code].exit;
  }

  /** Whether trying the same act again may succeed. */
  get isTransient(): boolean {
    return ERROR_CODES[this.code].retry;
  }

  /** The same error, said of a table. */
  forTable(table: string): TidemarkError {
    return new TidemarkError(this.code, {
      message: this.message,
      hint: this.hint,
      driverCode: this.driverCode,
      table,
    });
  }
}
