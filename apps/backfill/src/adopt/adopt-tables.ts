import type { Setup } from '@tidemark/command-line';
import { runHops, type BothTrackings, type FinishedRun, type RunReport } from '@tidemark/command-line/run';

import { surveyTables, type TableSurvey } from './survey-tables.ts';

export interface AdoptInput {
  readonly dryRun: boolean;
  readonly allowDeletes: boolean;
  readonly ignoreWindow: boolean;
}

/** What is printed with `--json`. */
export interface AdoptionReport {
  /** Tables that hold rows and are not Tidemark's yet. */
  readonly tables: readonly TableSurvey[];
  /** Null with `dryRun`, or where there is nothing to take over. */
  readonly run: RunReport | null;
}

export interface Adoption {
  readonly report: AdoptionReport;
  readonly finished: FinishedRun | null;
  readonly exitCode: number;
}

/** Some tables could not be taken over. */
const SOME_FAILED = 1;

/**
 * Takes over what another program copied: each table is compared with the source by digest, then raw with the replica, and
 * only rows that differ are written. Tables that a person must change first are left as they are.
 */
export async function adoptTables(
  setup: Setup,
  trackings: BothTrackings,
  { tables, dryRun, allowDeletes, ignoreWindow }: AdoptInput & { readonly tables: readonly string[] },
): Promise<Adoption> {
  const surveys = await surveyTables(setup, trackings, tables);
  const ready = surveys.filter(({ mustChange }) => mustChange.length === 0).map(({ table }) => table);
  const isBlocked = ready.length < surveys.length;
  if (dryRun || ready.length === 0) {
    return { report: { tables: surveys, run: null }, finished: null, exitCode: isBlocked ? SOME_FAILED : 0 };
  }
  const finished = await runHops(setup, {
    hops: ['copy', 'load'],
    terms: { select: ready, exclude: [] },
    fullRefresh: false,
    adopt: true,
    allowDeletes,
    ignoreWindow,
  });
  // A run may skip tables and succeed, outside of the source's window for one; of a takeover they are not done.
  const isDone = !isBlocked && finished.outcomes.every(({ status }) => status === 'success');
  return {
    report: { tables: surveys, run: finished.report },
    finished,
    exitCode: finished.exitCode === 0 && !isDone ? SOME_FAILED : finished.exitCode,
  };
}
