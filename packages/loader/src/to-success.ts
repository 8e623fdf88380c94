import type { RowEncoder } from '@tidemark/mysql';
import type { HopSuccess } from '@tidemark/tracking';

import type { LoadContext } from './load-context.ts';

/** What a load did to raw, in rows. */
export interface Written {
  readonly inserted: number;
  readonly updated: number;
  /** Removed, or marked as deleted. */
  readonly deleted: number;
  /** Rows in the raw table after the load. */
  readonly rowsNow: number;
}

export const NOTHING_WRITTEN = { inserted: 0, updated: 0, deleted: 0 } as const;

/** What tracking records of a load, in the transaction of its rows. */
export function toSuccess(context: LoadContext, read: RowEncoder | null, written: Written): HopSuccess {
  const { plan, marks, replicaTable, state, structure } = context;
  const reached = marks.reached();
  const rowsRead = read?.rows ?? 0;
  return {
    watermarks: reached.watermarks,
    highestKey: reached.highestKey,
    sourceAsOf: reached.sourceAsOf,
    columnQuality: reached.columnQuality,
    rows: written.rowsNow,
    structure,
    copySequence: replicaTable.hasSequence ? (replicaTable.copy?.copySequence ?? null) : null,
    strategy: plan.kind === 'full' ? 'full_table' : 'incremental',
    digestedAt: state?.digestedAt ?? null,
    counts: {
      rowsRead,
      rowsInserted: written.inserted,
      rowsUpdated: written.updated,
      rowsDeleted: written.deleted,
      rowsUnchanged: rowsRead - written.inserted - written.updated,
      bytes: read?.bytes ?? 0,
    },
    changes: { ...read?.changes },
  };
}
