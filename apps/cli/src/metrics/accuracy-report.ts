/** What the last full comparison of one table found. */
export interface TableAccuracy {
  readonly table: string;
  readonly comparedAt: string;
  readonly sourceRows: number;
  /** Rows whose change or deletion the runs had passed by. */
  readonly missedRows: number;
  /** Rows that somebody else changed in replica or raw, or that were changed on the way: no fault of reading. */
  readonly otherRows: number;
}

/** How many rows the incremental runs missed, by what full comparisons found. */
export interface AccuracyReport {
  /** By the last full comparison of each table. */
  readonly comparedTables: number;
  readonly comparedRows: number;
  readonly missedRows: number;
  /** Rows that were not missed, of those compared; null where none was compared. */
  readonly share: number | null;
  /** Cause → rows. */
  readonly causes: Readonly<Record<string, number>>;
  readonly tables: readonly TableAccuracy[];
  /** Tables that are synced and were never compared whole. */
  readonly notCompared: readonly string[];
  /** All full comparisons of the measured days, and the rows that they found missed: one that stays is counted each time. */
  readonly inDays: { readonly comparisons: number; readonly missedRows: number };
}
