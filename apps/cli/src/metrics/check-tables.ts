import type { Setup, Terms } from '@tidemark/command-line';
import { verifyTables } from '../verify/verify-tables.ts';
import type { CheckReport } from './metrics-report.ts';

export interface CheckInput {
  readonly terms: Terms;
  readonly ignoreWindow: boolean;
}

/** Compares the selected tables whole, so that the accuracy is of now; what comes of it stands in the ledger. */
export async function checkTables(setup: Setup, { terms, ignoreWindow }: CheckInput): Promise<CheckReport> {
  const { report, exitCode } = await verifyTables(setup, {
    terms,
    scope: { kind: 'full' },
    repair: null,
    ignoreWindow,
  });
  return {
    runId: report.runId,
    compared: report.tables.filter(({ verdict }) => verdict !== 'skipped').length,
    notCompared: report.tables
      .filter(({ verdict }) => verdict === 'skipped')
      .map(({ table, reason, error }) => ({ table, why: error?.code ?? reason ?? 'not known' })),
    exitCode,
  };
}

/** Rows that differ are what was to be measured, and no failure; a table that could not be compared is one. */
export function exitCodeOfCheck({ exitCode }: CheckReport): number {
  return exitCode === DIFFERENCES ? 0 : exitCode;
}

const DIFFERENCES = 3;
