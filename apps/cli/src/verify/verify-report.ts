import type { OutcomeError } from '@tidemark/command-line/run';
import type { Cause, Scope, Verification } from '@tidemark/verifier';

import type { RepairPlan } from './foresee-repair.ts';

/** What `verify --json` prints. */
export interface VerifyReport {
  readonly runId: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly scope: Scope['kind'];
  /** Whether every table that was to be compared is equal. */
  readonly ok: boolean;
  readonly tables: readonly VerifiedTable[];
}

/** One table, without the rows themselves: keys are never told (promise P8). */
export interface VerifiedTable {
  readonly table: string;
  /** `skipped` also where it could not be compared: then `error` says why. */
  readonly verdict: 'match' | 'differs' | 'skipped';
  readonly reason: string | null;
  readonly sourceRows: number | null;
  readonly replicaRows: number | null;
  readonly warehouseRows: number | null;
  readonly missing: number;
  readonly extra: number;
  readonly different: number;
  /** Of these rows, how many are equal now. */
  readonly repaired: number;
  /** With `--repair --dry-run`: rows that would be written. */
  readonly wouldRepair?: RepairPlan;
  readonly causes: Readonly<Partial<Record<Cause, number>>>;
  readonly columns: Readonly<Record<string, number>>;
  readonly schema: readonly string[];
  readonly pending: number;
  readonly inMotion: number;
  readonly kept: number;
  readonly sourceAsOf: string | null;
  readonly durationMs: number;
  readonly error?: OutcomeError;
}

/** What came of a repair; the verdict is that of the end. */
export interface Mended {
  readonly repaired: number;
  readonly verdict: Verification['verdict'];
  /** With the rows that were in motion when they were looked at once more. */
  readonly inMotion?: number;
  readonly wouldRepair?: RepairPlan;
  readonly error?: OutcomeError;
}

/** A table in words of the report. */
export function toVerifiedTable(found: Verification, more: Mended & { readonly durationMs: number }): VerifiedTable {
  return { ...found, columns: { ...found.columns }, ...more };
}

const NOTHING = { missing: 0, extra: 0, different: 0, repaired: 0, pending: 0, inMotion: 0, kept: 0 } as const;
const NO_ROWS = { sourceRows: null, replicaRows: null, warehouseRows: null } as const;

/** A table that was not compared; why, in words or as an error. */
export function notCompared(
  table: string,
  why: { readonly reason: string | null; readonly error?: OutcomeError; readonly durationMs?: number },
): VerifiedTable {
  const { reason, error, durationMs = 0 } = why;
  return {
    table,
    verdict: 'skipped',
    reason,
    ...NO_ROWS,
    ...NOTHING,
    causes: {},
    columns: {},
    schema: [],
    sourceAsOf: null,
    durationMs,
    ...(error ? { error } : {}),
  };
}

/** Whether there is nothing that anybody could call equal. Rows of a time may be none: then all of them are. */
export function provesNothing({ scope, tables }: Pick<VerifyReport, 'scope' | 'tables'>): boolean {
  return (
    scope !== 'since' && tables.length > 0 && tables.every(({ verdict, error }) => verdict === 'skipped' && !error)
  );
}

/**
 * 1 some tables could not be compared, or none was; 3 differences remain, 5 only that runs hold tables. A failure
 * outweighs all. 0 is read as proof.
 */
export function exitCodeOf({ scope, tables }: Pick<VerifyReport, 'scope' | 'tables'>): 0 | 1 | 3 | 5 {
  const codes = tables.flatMap(({ error }) => error?.code ?? []);
  if (codes.some((code) => code !== 'TABLE_LOCKED') || provesNothing({ scope, tables })) return 1;
  if (tables.some(({ verdict }) => verdict === 'differs')) return 3;
  return codes.length > 0 ? 5 : 0;
}

/** Why a table could not be compared, or not to its end: exit code 0 would say that it is equal. */
export function windowIsClosed(why: string): OutcomeError {
  return { code: 'STOPPED', message: why, hint: 'Verify within the window, or with --ignore-window.' };
}
