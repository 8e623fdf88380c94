import type { Strategy } from '@tidemark/incremental';
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

/** What was read from the replica: the encoder of the rows, or the sum of several. */
export type Read = Pick<RowEncoder, 'rows' | 'bytes' | 'changes'>;

export const NOTHING_WRITTEN = { inserted: 0, updated: 0, deleted: 0 } as const;

/** What tracking records of a load, in the transaction of its rows. */
export function toSuccess(context: LoadContext, read: Read | null, written: Written): HopSuccess {
  const { marks, state, structure } = context;
  const reached = marks.reached();
  const rowsRead = read?.rows ?? 0;
  return {
    watermarks: reached.watermarks,
    highestKey: reached.highestKey,
    sourceAsOf: reached.sourceAsOf,
    columnQuality: reached.columnQuality,
    rows: written.rowsNow,
    structure,
    copySequence: loadedSequence(context),
    strategy: strategyOf(context),
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

/** Up to which copy everything is loaded; a repair has loaded single rows of whatever copy. */
function loadedSequence({ plan, replicaTable, state }: LoadContext): string | null {
  if (plan.kind === 'repair') return state?.copySequence ?? null;
  return replicaTable.hasSequence ? (replicaTable.copy?.copySequence ?? null) : null;
}

function strategyOf({ plan, state }: LoadContext): Strategy {
  if (plan.kind === 'repair' && state?.strategy) return state.strategy;
  return plan.kind === 'full' ? 'full_table' : 'incremental';
}
