import type { Comparison } from '@tidemark/tracking';

import { toIso } from '@tidemark/command-line/render';
import type { AccuracyReport, TableAccuracy } from './accuracy-report.ts';

/**
 * Causes that mean that the runs passed a row by: what the source had was there to be read. The others are changes by
 * other hands, or on the way, or wait for a hop that failed, which the runs have told.
 */
const MISSED: ReadonlySet<string> = new Set([
  'late_commit',
  'stamp_did_not_move',
  'no_stamp_column',
  'deleted_in_source',
]);

/**
 * Adds up what full comparisons found.
 *
 * @param comparisons newest first
 * @param since ISO 8601 UTC: from when on all of them are counted, beside the last one of each table
 */
export function countMissed(
  tables: readonly string[],
  comparisons: readonly Comparison[],
  since: string,
): AccuracyReport | null {
  const chosen = new Set(tables);
  const own = comparisons.filter(({ table }) => chosen.has(table));
  if (own.length === 0) return null;
  const last = [...Map.groupBy(own, ({ table }) => table).values()].flatMap((each) => each.slice(0, 1));
  const lines = last.map(toLine).toSorted((a, b) => b.missedRows - a.missedRows || (a.table < b.table ? -1 : 1));
  const [comparedRows, missedRows] = [sum(lines, (line) => line.sourceRows), sum(lines, (line) => line.missedRows)];
  const recent = own.filter(({ finishedAt }) => toIso(finishedAt) >= toIso(since));
  const compared = new Set(last.map(({ table }) => table));
  return {
    comparedTables: last.length,
    comparedRows,
    missedRows,
    share: shareOf(comparedRows, missedRows),
    causes: sumCauses(last),
    tables: lines,
    notCompared: tables.filter((table) => !compared.has(table)),
    inDays: { comparisons: recent.length, missedRows: sum(recent, missedOf) },
  };
}

/** A row that is gone from the source is missed and is none of its rows, so the rows are counted together with those. */
function shareOf(comparedRows: number, missedRows: number): number | null {
  const all = Math.max(comparedRows, missedRows);
  return all === 0 ? null : 1 - missedRows / all;
}

function toLine(comparison: Comparison): TableAccuracy {
  const { table, finishedAt, sourceRows, causes } = comparison;
  const missedRows = missedOf(comparison);
  const otherRows = sum(Object.values(causes), (rows) => rows) - missedRows;
  return { table, comparedAt: toIso(finishedAt), sourceRows, missedRows, otherRows };
}

function missedOf({ causes }: Comparison): number {
  return sum(Object.entries(causes), ([name, rows]) => (MISSED.has(name) ? rows : 0));
}

function sumCauses(comparisons: readonly Comparison[]): Record<string, number> {
  const total = new Map<string, number>();
  for (const { causes } of comparisons) {
    for (const [name, rows] of Object.entries(causes)) total.set(name, (total.get(name) ?? 0) + rows);
  }
  return Object.fromEntries(total);
}

function sum<Item>(items: readonly Item[], pick: (item: Item) => number): number {
  return items.reduce((total, item) => total + pick(item), 0);
}
