/** What full comparisons found of one table. */
export interface TableAccuracy {
  readonly table: string;
  readonly comparedAt: string;
  /** `match`, `differs`, … as verify says it. */
  readonly verdict: string;
  readonly sourceRows: number;
  /** Rows that the runs should have brought and did not: missing, extra or different, without those still to come. */
  readonly missedRows: number;
}

/** How many rows the incremental runs missed, by what full comparisons found. */
export interface AccuracyReport {
  readonly comparedTables: number;
  readonly comparedRows: number;
  readonly missedRows: number;
  /** Rows that are right, of those compared; null where none was compared. */
  readonly share: number | null;
  /** Cause → rows. */
  readonly causes: Readonly<Record<string, number>>;
  readonly tables: readonly TableAccuracy[];
  /** Tables that are synced and were never compared. */
  readonly notCompared: readonly string[];
}
