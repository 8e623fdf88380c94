import type { PlanSettings } from '@tidemark/incremental';
import type { KeyValue, MysqlEndpoint, SourceThrottle, ThrottleWatch } from '@tidemark/mysql';
import type { CopyTracking, LoadTracking } from '@tidemark/tracking';

export interface VerifyDeps {
  readonly source: MysqlEndpoint;
  readonly replica: MysqlEndpoint;
  readonly copyTracking: CopyTracking;
  readonly loadTracking: LoadTracking;
  /** Told how many further rows of the source were compared, or, of a part, looked at. */
  readonly onProgress?: ((rows: number) => void) | undefined;
  /** Keeps all who read the source together within its limits; none if unset. */
  readonly throttle?: SourceThrottle | undefined;
  /** Told of a pause because the source is busy, and when it is over. */
  readonly onPause?: ThrottleWatch['onPause'];
  readonly onResume?: ThrottleWatch['onResume'];
  /** Seconds after which the source ends a statement; 10 min if unset. */
  readonly statementTimeoutSeconds?: number | undefined;
  /** Aborted: stop at the next safe point with STOPPED. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds between two looks at a row that differs; a second if unset. */
  readonly pauseMs?: number | undefined;
  /** Rows that differ which are kept for a second look; beyond them the first one decides. 100,000 if unset. */
  readonly mostRowsKept?: number | undefined;
  /** Milliseconds that a connection may stand still before its server is asked whether it is there; 2 min if unset. */
  readonly stallTimeoutMs?: number | undefined;
}

/** Which rows are compared. */
export type Scope =
  | { readonly kind: 'full' }
  /** Pieces of the key drawn by chance: about so many rows, or this share of the table. */
  | { readonly kind: 'sample'; readonly rows: number }
  | { readonly kind: 'sample'; readonly share: number }
  /** Rows stamped at this time or later, `YYYY-MM-DD HH:MM:SS` UTC. */
  | { readonly kind: 'since'; readonly utc: string }
  /** These rows, by the text of their key. */
  | { readonly kind: 'keys'; readonly keys: readonly KeyValue[] };

export interface VerifySettings {
  readonly plan: PlanSettings;
  /** Key columns where the configuration names them; null: the source's own key. */
  readonly primaryKey: readonly string[] | null;
  readonly deletes: 'remove' | 'flag' | 'ignore';
  /** Zone of the table's DATETIME columns, for `since`; null: the source server's. */
  readonly timeColumnZone: string | null;
}

export interface VerifyInput {
  readonly table: string;
  readonly settings: VerifySettings;
  readonly scope: Scope;
}

/** Of a row, as seen from the source: it is not there, it is there and should not be, it has other values. */
export type DifferenceKind = 'missing' | 'extra' | 'different';

/** Why a row differs. */
export type Cause =
  /** Its stamp lies where copies had read already: it was committed, or stamped, late. */
  | 'late_commit'
  /** The change did not move its stamp. */
  | 'stamp_did_not_move'
  /** The table or the row has no stamp that could tell of the change. */
  | 'no_stamp_column'
  | 'deleted_in_source'
  | 'changed_in_replica'
  | 'changed_in_raw'
  /** Raw holds the replica's value cut, rounded or shifted. */
  | 'changed_on_the_way'
  /** The next copy, or load, would bring it, and the last one failed or was killed: nobody knows when it comes. */
  | 'copy_failed'
  | 'load_failed';

/** A row that differs. Its key is a value of a row: never to be told. */
export interface DifferingRow {
  readonly key: KeyValue;
  readonly kind: DifferenceKind;
  readonly inSource: boolean;
  /** Whether the replica is not as the source is; else only raw differs. */
  readonly inCopy: boolean;
  /** Whether raw shows it: there, and not marked as deleted. */
  readonly inRaw: boolean;
}

/** What was found of one table. Counts are of rows. */
export interface Verification {
  readonly table: string;
  readonly verdict: 'match' | 'differs' | 'skipped';
  /** Why nothing was compared; null where something was. */
  readonly reason: string | null;
  /** Rows that were compared on each side; null where none were. */
  readonly sourceRows: number | null;
  readonly replicaRows: number | null;
  readonly warehouseRows: number | null;
  readonly missing: number;
  readonly extra: number;
  readonly different: number;
  /** Changed in the source after the last copy, or copied and not loaded yet: the next run brings them, as the last did. */
  readonly pending: number;
  /** Changed again and again while they were looked at. */
  readonly inMotion: number;
  /** Gone from the source and kept on purpose (`deletes: flag` and `ignore`). */
  readonly kept: number;
  /** Cause → rows. */
  readonly causes: Readonly<Partial<Record<Cause, number>>>;
  /** Column → rows in which it differs. */
  readonly columns: Readonly<Record<string, number>>;
  /** Columns that one side lacks, in words. */
  readonly schema: readonly string[];
  /** The source's time that replica and raw stand for, as `YYYY-MM-DD HH:MM:SS.ffffff` UTC. */
  readonly sourceAsOf: string | null;
}

/** What was found of a table, and which rows it is about. */
export interface Verified {
  readonly verification: Verification;
  /** The rows that differ, at most 100,000 of them; for the repair only. */
  readonly rows: readonly DifferingRow[];
}
