import type { Advice, Strategy, UnusedColumns } from '@tidemark/incremental';

/** What became of a table of the source. */
export type InitStatus =
  /** It was not in tables.yml and is now (or would be, with --dry-run). */
  | 'added'
  /** Its entry is as it was. */
  | 'kept'
  /** Its entry was changed, because --update asked for it. */
  | 'updated'
  /** It is not synced; the reason says why. */
  | 'left_out';

/** One table of the source, with what is proposed for it. */
export interface InitTable {
  readonly table: string;
  readonly status: InitStatus;
  /** Proposed; null: it cannot be synced as it is. */
  readonly strategy: Strategy | null;
  readonly incrementalColumns: readonly string[];
  readonly key: readonly string[];
  readonly reason: string;
  /** Columns that hold times and are not proposed, and why. */
  readonly unused: readonly UnusedColumns[];
  /** What runs and comparisons have seen: counts. */
  readonly evidence: readonly string[];
  readonly estimatedRows: number;
  readonly estimatedSizeMb: number;
}

export type DriftKind =
  | 'new_table'
  | 'lost_table'
  | 'lost_columns'
  | 'changed_key'
  /** Of a table that the user may read in part only nobody knows what it has lost. */
  | 'hidden_columns';

/** Where tables.yml and the source have come apart. */
export interface Drift {
  readonly table: string;
  readonly kind: DriftKind;
  readonly columns: readonly string[];
  readonly text: string;
}

/** What should be changed in an entry that is there. */
export interface TableAdvice extends Advice {
  readonly table: string;
}

export interface InitReport {
  readonly file: string;
  /** Whether there was no file, or --force put another in its place. */
  readonly created: boolean;
  /** False with --dry-run, and where nothing had to be changed. */
  readonly written: boolean;
  readonly tables: readonly InitTable[];
  readonly drift: readonly Drift[];
  readonly advice: readonly TableAdvice[];
  /** Tables that --update was to change and could not: their entries share settings with others. */
  readonly notUpdated: readonly string[];
  /** Where the evidence came from, or why there is none. */
  readonly evidence: string;
}
