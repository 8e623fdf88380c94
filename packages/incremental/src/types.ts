/**
 * How a column can order changes.
 *
 * `timestamp` values are read in UTC, `datetime` and `date` in the source's wall clock: the two are never compared.
 * `integer` columns count as rising counters. `other` columns cannot be an incremental column.
 */
export type CursorKind = 'timestamp' | 'datetime' | 'date' | 'integer' | 'other';

export interface PlanColumn {
  readonly name: string;
  readonly kind: CursorKind;
  /** Whether an index of the source starts with this column, so that a range on it need not scan the table. */
  readonly indexed: boolean;
  /** Kept by the server itself: `ON UPDATE CURRENT_TIMESTAMP`. */
  readonly serverMaintained: boolean;
}

export interface PlanTable {
  readonly name: string;
  readonly columns: readonly PlanColumn[];
  /** Columns of the key, in order; empty when the table has none. */
  readonly key: readonly string[];
  /** True when the key is one auto-increment integer. */
  readonly keyIsAutoIncrement: boolean;
  /** The server's own estimate. Never a COUNT over the table. */
  readonly estimatedRows: number;
}

export type Strategy = 'incremental' | 'digest' | 'full_table';
export type IncrementalLogic = 'or' | 'and';
export type ColumnQualityPolicy = 'keep' | 'skip';

export interface PlanSettings {
  /** What the configuration asks for; null lets the table decide. */
  readonly strategy: Strategy | null;
  /** Null: not configured, the server-maintained stamp columns are taken. An empty list: none, on purpose. */
  readonly incrementalColumns: readonly string[] | null;
  readonly incrementalLogic: IncrementalLogic;
  readonly columnQuality: ColumnQualityPolicy;
  /**
   * Seconds behind the watermark, by column name, `*` for every time column; the default of the column's kind where none is given. For an integer
   * column, or the key, it counts steps of the counter instead of seconds.
   */
  readonly lookbackSeconds: Readonly<Record<string, number>>;
  /** Tables with fewer estimated rows than this are read whole when they have no trustworthy stamp. */
  readonly fullTableBelowRows: number;
}

/**
 * Incremental column → highest trustworthy value already copied.
 *
 * One text form per kind: `YYYY-MM-DD HH:MM:SS[.ffffff]` (timestamp in UTC, datetime in the source's wall clock),
 * `YYYY-MM-DD`, or decimal digits for an integer.
 */
export type Watermarks = Readonly<Record<string, string>>;

/** What the last success left behind for one table; null where there was none. */
export interface PlanState {
  readonly watermarks: Watermarks;
  /**
   * Highest key copied so far, where the key is one auto-increment integer; `0` after a table was copied empty (see
   * `advanceHighestKey`). Null: not known, and then new keys have no branch of their own.
   */
  readonly highestKey: string | null;
  /** Fingerprint of key and column types at the last success. */
  readonly structure: string | null;
}

/** The source's clock, read before the first row. Both as `YYYY-MM-DD HH:MM:SS.ffffff`. */
export interface SnapshotTime {
  readonly wall: string;
  readonly utc: string;
}

/** What the values of one incremental column looked like in the rows of one run: counts, and no value. */
export interface ColumnQuality {
  readonly column: string;
  /** All values seen, NULL and bad ones included: one per row read. */
  readonly values: number;
  readonly nulls: number;
  /** `0001-01-01`, `0000-00-00` and dates with a zero part. */
  readonly sentinels: number;
  /** Outside the years 1900 to 2100. */
  readonly outOfRange: number;
  /** Later than the snapshot time. */
  readonly future: number;
}

export interface ColumnObservation extends ColumnQuality {
  /**
   * Highest value that is none of the above; null when there was none.
   *
   * A future value is not the cap either: no row lies between this value and the snapshot, so the lower watermark
   * selects the same rows today and forgives a slow clock tomorrow.
   */
  readonly highest: string | null;
}

export type ColumnVerdict =
  | 'good'
  | 'no_values'
  | 'all_null'
  | 'only_sentinels'
  | 'out_of_range_values'
  | 'future_values';

export type ReasonCode =
  | 'forced'
  | 'first_copy'
  | 'adopted'
  | 'replica_new'
  | 'structure_changed'
  | 'no_key'
  | 'no_watermark'
  | 'configured_full_table'
  | 'configured_digest'
  | 'no_incremental_columns'
  | 'no_valid_column'
  | 'key_only'
  | 'small_table'
  | 'incremental';

export interface Reason {
  readonly code: ReasonCode;
  /** A sentence a person can read, with column names, without row values. */
  readonly text: string;
}

/** One `column >= bound` (or `key > highest`) of a predicate. */
export interface PredicateBranch {
  readonly column: string;
  readonly operator: '>=' | '>';
  readonly bound: string;
  readonly indexed: boolean;
}

/** A WHERE condition for MySQL/MariaDB: quoted identifiers, one `?` per branch, `params` in the same order. */
export interface Predicate {
  readonly sql: string;
  readonly params: readonly string[];
  readonly branches: readonly PredicateBranch[];
  readonly logic: IncrementalLogic;
}

export interface SkippedColumn {
  readonly column: string;
  readonly why: string;
}

interface PlanBase {
  readonly reason: Reason;
  /**
   * The columns whose watermark may move after this run, whatever the kind of plan: hand exactly these to
   * `observeColumn` and `advanceWatermarks`.
   *
   * A full or digest plan sees every difference, so all usable incremental columns are here. An incremental plan lists
   * the columns of its predicate only: a column left out by the `skip` policy keeps its old watermark, and when it
   * comes back nothing that changed in the meantime is missed.
   */
  readonly observe: readonly PlanColumn[];
  readonly skipped: readonly SkippedColumn[];
}

export interface FullPlan extends PlanBase {
  readonly kind: 'full';
}

export interface DigestPlan extends PlanBase {
  readonly kind: 'digest';
}

export interface IncrementalPlan extends PlanBase {
  readonly kind: 'incremental';
  readonly predicate: Predicate;
  /** `index`: every branch has an index of its own. `key_range`: walk the key, the predicate filters. */
  readonly readBy: 'index' | 'key_range';
}

export type Plan = FullPlan | DigestPlan | IncrementalPlan;

export interface PlanInput {
  readonly table: PlanTable;
  readonly settings: PlanSettings;
  /** Null when no copy of this table has ever succeeded (a pending record counts as none). */
  readonly state: PlanState | null;
  /** Fingerprint of key and column types now. */
  readonly structure: string;
  /** The replica table did not exist before this run, or was found empty though rows had been copied. */
  readonly replicaIsNew: boolean;
  readonly force: boolean;
  /** Another program filled the replica table, and its rows are to be taken over: they are compared, not read anew. */
  readonly adopts?: boolean;
  /** What the last runs saw in the columns, oldest first; used by the `skip` policy. See `rememberQuality`. */
  readonly observations: readonly ColumnQuality[];
}
