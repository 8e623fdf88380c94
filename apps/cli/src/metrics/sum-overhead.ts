import type { HistorySum } from '@tidemark/tracking';

import type { DuplicateKeyRuns, HopOverhead, Overhead } from './metrics-report.ts';

/** What tracking cost in one hop: in all, and by table, the dearest first. */
export function sumOverhead(sums: readonly HistorySum[]): HopOverhead {
  const tables = sums
    .filter(({ measured }) => measured > 0)
    .map((sum) => Object.assign({ table: sum.table }, overheadOf([sum])))
    .toSorted((a, b) => b.trackingMs - a.trackingMs);
  return { ...overheadOf(sums), tables };
}

function overheadOf(sums: readonly HistorySum[]): Overhead {
  const total = (pick: (sum: HistorySum) => number): number => sums.reduce((sum, each) => sum + pick(each), 0);
  const [elapsedMs, trackingMs] = [total((sum) => sum.elapsedMs), total((sum) => sum.trackingMs)];
  const [statements, trackingStatements] = [total((sum) => sum.statements), total((sum) => sum.trackingStatements)];
  return {
    attempts: total((sum) => sum.attempts),
    measured: total((sum) => sum.measured),
    elapsedMs,
    trackingMs,
    timeShare: elapsedMs > 0 ? trackingMs / elapsedMs : null,
    statements,
    trackingStatements,
    statementShare: statements > 0 ? trackingStatements / statements : null,
  };
}

/** The runs of one hop that met a key twice. */
export function duplicateKeyRuns(hop: 'copy' | 'load', sums: readonly HistorySum[]): DuplicateKeyRuns[] {
  return sums
    .filter(({ duplicateKeys }) => duplicateKeys > 0)
    .map(({ table, duplicateKeys, lastDuplicateAt }) => ({
      table,
      hop,
      attempts: duplicateKeys,
      lastAt: lastDuplicateAt,
    }));
}
