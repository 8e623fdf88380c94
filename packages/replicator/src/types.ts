import type { PlanSettings } from '@tidemark/incremental';
import type { MysqlEndpoint, SourceThrottle } from '@tidemark/mysql';
import type { CopyTracking, ProgressEvent } from '@tidemark/tracking';

import type { Differences } from './find-differences.ts';

export interface CopyDeps {
  readonly source: MysqlEndpoint;
  readonly replica: MysqlEndpoint;
  readonly tracking: CopyTracking;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
  /** Aborted: stop at the next safe point with STOPPED. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that a connection may stand still before its server is asked whether it is there; 2 min if unset. */
  readonly stallTimeoutMs?: number | undefined;
  /** Keeps all jobs of a run together within the source's limits; none if unset. */
  readonly throttle?: SourceThrottle | undefined;
  /** Seconds after which the source ends a statement; 10 min if unset. */
  readonly statementTimeoutSeconds?: number | undefined;
}

/** What is done with rows that are gone from the source: `flag` and `remove` leave a tombstone, `ignore` keeps the row. */
export type DeletePolicy = 'remove' | 'flag' | 'ignore';

export interface CopySettings {
  readonly plan: PlanSettings;
  /** Key columns where the configuration names them; null: the source's own key. */
  readonly primaryKey: readonly string[] | null;
  /** Most rows of one chunk; null for the default. */
  readonly batchRows: number | null;
  readonly deletes: DeletePolicy;
  /** How often an incremental table is also compared by digest; null for never. */
  readonly digestEverySeconds: number | null;
  /** Zone of the DATETIME columns, a name that Intl knows; null: the source server's. */
  readonly timeColumnZone: string | null;
}

export interface CopyInput {
  readonly table: string;
  readonly runId: string;
  readonly settings: CopySettings;
  readonly fullRefresh: boolean;
  /** Lets a run delete more than the cap allows. */
  readonly allowDeletes: boolean;
  /** Take over the rows of a replica table that another program filled, where Tidemark has no record of the table yet. */
  readonly adopt?: boolean;
  /** Bring just these rows right instead of looking for changes: what a comparison of source and replica has found. */
  readonly repair?: Differences | undefined;
}
