import type { PlanSettings } from '@tidemark/incremental';
import type { KeyValue, MysqlEndpoint } from '@tidemark/mysql';
import type { LoadTracking, ProgressEvent } from '@tidemark/tracking';

export interface LoadDeps {
  readonly replica: MysqlEndpoint;
  readonly tracking: LoadTracking;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
  /** Aborted: stop at the next safe point with STOPPED. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that a connection may stand still before its server is asked whether it is there; 2 min if unset. */
  readonly stallTimeoutMs?: number | undefined;
}

/**
 * What is done with rows that are gone from the source: `remove` deletes them from raw, `flag` sets
 * `_tidemark_deleted_at` in raw, `ignore` keeps them as they are.
 */
export type DeletePolicy = 'remove' | 'flag' | 'ignore';

export interface LoadSettings {
  /** Used for a replica that Tidemark did not build: there the rows are found by their incremental columns. */
  readonly plan: PlanSettings;
  /** Key columns where the configuration names them; null: the replica's own key. */
  readonly primaryKey: readonly string[] | null;
  readonly deletes: DeletePolicy;
  /** Zone of the DATETIME columns, a name that Intl knows; null: the replica server's. As `plan`, only used there. */
  readonly timeColumnZone: string | null;
  /** Loaded tombstones older than this may go; null or not given: they are kept. */
  readonly keepTombstonesSeconds?: number | null | undefined;
}

export interface LoadInput {
  readonly table: string;
  readonly runId: string;
  readonly settings: LoadSettings;
  /** Read every row of the replica and remove what it no longer has. */
  readonly fullRefresh: boolean;
  /** Lets a full read remove more rows than the cap allows. */
  readonly allowDeletes: boolean;
  /** Bring just these rows right instead of loading what was copied since. */
  readonly repair?: NamedRows | undefined;
}

/** Rows that differ between replica and raw, or are on one side only. */
export interface NamedRows {
  /** In the replica's key order; text as `digestRows` gives it, binary values in hexadecimal, an ENUM by its number. */
  readonly keys: readonly KeyValue[];
}
