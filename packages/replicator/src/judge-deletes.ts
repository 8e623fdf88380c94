/** Share of a table's rows, and number of rows, that a run may delete without being asked. Both must be passed to refuse. */
export const DELETE_CAP = { share: 0.05, rows: 1_000 } as const;

export interface DeletesToJudge {
  readonly missing: number;
  /** Rows that the source has in the ranges compared. */
  readonly sourceRows: number;
  readonly replicaRows: number;
  readonly allowDeletes: boolean;
}

export type DeleteVerdict = 'allowed' | 'source_empty' | 'over_cap';

/** Whether rows that are missing in the source may be deleted from the replica. */
export function judgeDeletes({ missing, sourceRows, replicaRows, allowDeletes }: DeletesToJudge): DeleteVerdict {
  if (allowDeletes || missing === 0) return 'allowed';
  // An empty table is what an upgrade or a failed restore looks like from outside.
  if (sourceRows === 0) return 'source_empty';
  return missing > DELETE_CAP.rows && missing > replicaRows * DELETE_CAP.share ? 'over_cap' : 'allowed';
}
