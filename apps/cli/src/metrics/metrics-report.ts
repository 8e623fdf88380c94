import type { RepeatedKeys } from '@tidemark/loader';

import type { AccuracyReport } from './accuracy-report.ts';

/** A share of tables; `missing` are the ones that are not covered. */
export interface Share {
  readonly total: number;
  readonly covered: number;
  readonly missing: readonly string[];
}

/** One tier's coverage, counted in two ways. */
export interface TierCoverage {
  /** Of the tables that have incremental columns, as the plan counts it. */
  readonly incremental: Share;
  /** Of all tables that are synced. */
  readonly synced: Share;
}

export interface CoverageReport {
  readonly copy: TierCoverage;
  readonly load: TierCoverage;
  /** Null: no model of dbt was ever recorded. */
  readonly transform: TierCoverage | null;
}

/** Runs that ended with DUPLICATE_KEY, of one table in one hop. */
export interface DuplicateKeyRuns {
  readonly table: string;
  readonly hop: 'copy' | 'load';
  readonly attempts: number;
  readonly lastAt: string | null;
}

export interface DuplicatesReport {
  readonly runs: readonly DuplicateKeyRuns[];
  /** What is in raw now. */
  readonly present: readonly RepeatedKeys[];
}

/** What tracking cost in some part of the work; a share is null where nothing was measured. */
export interface Overhead {
  readonly attempts: number;
  readonly measured: number;
  readonly elapsedMs: number;
  readonly trackingMs: number;
  readonly timeShare: number | null;
  readonly statements: number;
  readonly trackingStatements: number;
  readonly statementShare: number | null;
}

export interface HopOverhead extends Overhead {
  readonly tables: readonly (Overhead & { readonly table: string })[];
}

export interface OverheadReport {
  readonly copy: HopOverhead;
  readonly load: HopOverhead;
}

/** A comparison of whole tables, made to measure. */
export interface CheckReport {
  readonly runId: string;
  readonly compared: number;
  readonly notCompared: readonly { readonly table: string; readonly why: string }[];
  /** As `verify` would end. */
  readonly exitCode: number;
}

/** A table with a record that no run brings up to date. */
export interface LeftOut {
  readonly table: string;
  readonly why: 'gone_from_source' | 'not_in_tables_yml';
}

/** The four numbers that the plan wants to be judged by. */
export interface MetricsReport {
  readonly measuredAt: string;
  /** The history is read from this time on. */
  readonly since: string;
  /** The comparison that --check asked for; null: the ledger was read as it was. */
  readonly check: CheckReport | null;
  /** Tables that have a record and are in none of the numbers. */
  readonly leftOut: readonly LeftOut[];
  readonly coverage: CoverageReport;
  /** Null: nothing was compared yet. */
  readonly accuracy: AccuracyReport | null;
  readonly duplicateKeys: DuplicatesReport;
  readonly overhead: OverheadReport;
  /** What each number means, where it comes from, and what it cannot say. */
  readonly meaning: typeof MEANING;
}

export const MEANING = {
  coverage:
    'Tables that have a record of a success, by hop, from the status tables. Incremental: those with incremental columns in tables.yml or, where it names none, in their watermarks. A covered table may be old: see status.',
  accuracy:
    'Rows that the last full comparison of each table (verify) found wrong because runs had passed them by: stamped late, without a stamp, or deleted and not yet found by a digest. From the ledger; it knows only the tables, and the times, that were compared. Rows that the next run brings anyway, and what other hands changed in replica or raw, are not missed rows.',
  duplicateKeys:
    'Runs that ended with DUPLICATE_KEY, from the history, and keys that raw holds more than once now. A table with a valid unique index on its key cannot have any and is not read; the others are counted.',
  overhead:
    'Part of the time and the statements of the hops that went to locks, status records and history, measured in each run that succeeded. BEGIN and COMMIT, the copy sequence and tombstones belong to the rows; the end of the last table of each process is not in it.',
} as const;
