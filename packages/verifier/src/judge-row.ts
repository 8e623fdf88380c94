import type { Cause, DifferenceKind, VerifySettings } from './types.ts';

/** How the stamp of a source row stands to the watermark of the last copy. */
export type StampVerdict =
  /** Beyond it, or a key beyond the highest one copied: the next copy reads the row. */
  | 'beyond'
  /** Exactly there: the next copy reads the row again, as rows of that second may have changed after it was read. */
  | 'at'
  | 'behind'
  /** There is no watermark, or the row's stamps are empty. */
  | 'none';

/** What the three databases say of one row. */
export interface RowEvidence {
  readonly inSource: boolean;
  readonly inReplica: boolean;
  readonly inRaw: boolean;
  /** Marked as deleted in raw. */
  readonly isMarked: boolean;
  /** Columns that differ, where both sides have the row: by MySQL's own values, then as raw would hold them. */
  readonly sourceReplica: readonly string[];
  readonly replicaRaw: readonly string[];
  readonly sourceRaw: readonly string[];
  /** Whether every column that raw has differently looks cut, rounded or shifted. */
  readonly looksAltered: boolean;
  readonly stamp: StampVerdict;
  /** Whether the source's stamp is another one than the replica's. */
  readonly stampMoved: boolean;
  /** Whether the load has not read this row, or its tombstone, yet. */
  readonly awaitsLoad: boolean;
  /** Whether the table's last copy, and its last load, failed: then no row is as good as brought. */
  readonly copyFailed: boolean;
  readonly loadFailed: boolean;
}

export type RowVerdict =
  | { readonly state: 'equal' | 'pending' | 'kept' }
  | {
      readonly state: 'differs';
      readonly kind: DifferenceKind;
      readonly causes: readonly Cause[];
      readonly columns: readonly string[];
      readonly inCopy: boolean;
    };

type Deletes = VerifySettings['deletes'];

/**
 * What is wrong with a row, and why: of three copies the two that agree say which one was changed.
 *
 * A row that the next run brings or loads anyway is pending, unless the last one failed at this table: such a row may
 * wait for ever. One that `deletes` keeps on purpose is kept.
 */
export function judgeRow(row: RowEvidence, deletes: Deletes): RowVerdict {
  if (row.inSource === row.inReplica && row.sourceReplica.length === 0) return judgeLoad(row, deletes);
  if (!row.inSource) return judgeGone(row, deletes);
  if (row.stamp === 'beyond' || isOfLastSecond(row)) return awaitsCopy(row);
  if (!row.inReplica) return differs('missing', [hasRaw(row) ? 'changed_in_replica' : missedBecause(row)], [], true);
  return judgeChanged(row);
}

/**
 * Its stamp moved into the very second up to which was read, and no copy brought that: it moved after the read. Of a row
 * that is in neither copy nothing tells whether it came then or was lost long ago.
 */
function isOfLastSecond(row: RowEvidence): boolean {
  const rawHasIt = hasRaw(row) && row.sourceRaw.length === 0;
  return row.stamp === 'at' && row.inReplica && row.stampMoved && !rawHasIt;
}

/** The next copy reads the row. */
function awaitsCopy({ copyFailed, inReplica, sourceReplica }: RowEvidence): RowVerdict {
  if (!copyFailed) return { state: 'pending' };
  return differs(inReplica ? 'different' : 'missing', ['copy_failed'], sourceReplica, true);
}

/** Source and replica have the row, and not the same: column by column, two that agree say which was changed. */
function judgeChanged(row: RowEvidence): RowVerdict {
  const { sourceReplica, replicaRaw, sourceRaw } = row;
  const isReplicas = (column: string): boolean => replicaRaw.includes(column) && !sourceRaw.includes(column);
  const inReplica = hasRaw(row) ? sourceReplica.filter(isReplicas) : [];
  const inRaw = replicaRaw.filter((column) => !inReplica.includes(column));
  // What raw has no column for, or cannot tell apart, is put down to whoever changed the rest.
  const isUnseen = inReplica.length === 0 || sourceReplica.some((column) => sourceRaw.includes(column));
  const isRawWrong = !row.awaitsLoad && (inRaw.length > 0 || !hasRaw(row));
  const causes: Cause[] = [
    ...(isUnseen ? [missedBecause(row)] : []),
    ...(inReplica.length > 0 ? (['changed_in_replica'] as const) : []),
    ...(isRawWrong ? [rawCause(row)] : []),
  ];
  const columns = [...new Set([...sourceReplica, ...(isRawWrong ? inRaw : [])])];
  return differs('different', causes, columns, true);
}

/** The source has the row no more, the replica does. */
function judgeGone(row: RowEvidence, deletes: Deletes): RowVerdict {
  if (deletes === 'ignore') {
    if (sameInRaw(row)) return { state: 'kept' };
    return judgeLoad({ ...row, inSource: true }, deletes);
  }
  if (!hasRaw(row)) return differs('extra', [row.awaitsLoad ? 'deleted_in_source' : 'changed_in_replica'], [], true);
  const alsoRaw: Cause[] = sameInRaw(row) || row.awaitsLoad ? [] : [rawCause(row)];
  return differs('extra', ['deleted_in_source', ...alsoRaw], [], true);
}

/** Source and replica agree on the row. */
function judgeLoad(row: RowEvidence, deletes: Deletes): RowVerdict {
  if (!row.inReplica) {
    if (!row.inRaw) return { state: 'equal' };
    if (row.isMarked || deletes === 'ignore') return { state: 'kept' };
    return differsInRaw(row, 'extra', []);
  }
  if (sameInRaw(row)) return { state: 'equal' };
  if (!row.inRaw) return differsInRaw(row, 'missing', []);
  return differsInRaw(row, 'different', row.isMarked ? [...row.replicaRaw, '_tidemark_deleted_at'] : row.replicaRaw);
}

/** Raw is not as the replica is: the load has yet to come, or came and this was changed since. */
function differsInRaw(row: RowEvidence, kind: DifferenceKind, columns: readonly string[]): RowVerdict {
  if (!row.awaitsLoad) return differs(kind, [kind === 'different' ? rawCause(row) : 'changed_in_raw'], columns, false);
  return row.loadFailed ? differs(kind, ['load_failed'], columns, false) : { state: 'pending' };
}

function hasRaw(row: RowEvidence): boolean {
  return row.inRaw && !row.isMarked;
}

function sameInRaw(row: RowEvidence): boolean {
  return row.inReplica ? hasRaw(row) && row.replicaRaw.length === 0 : !hasRaw(row);
}

function rawCause(row: RowEvidence): Cause {
  return row.looksAltered && row.replicaRaw.length > 0 && !row.isMarked ? 'changed_on_the_way' : 'changed_in_raw';
}

/** Why no copy has brought what the source has. */
function missedBecause({ stamp, stampMoved, inReplica }: RowEvidence): Cause {
  if (stamp === 'none') return 'no_stamp_column';
  // Stamped, and behind what had been read by then: it became visible afterwards.
  return stampMoved || !inReplica ? 'late_commit' : 'stamp_did_not_move';
}

function differs(
  kind: DifferenceKind,
  causes: readonly Cause[],
  columns: readonly string[],
  inCopy: boolean,
): RowVerdict {
  return { state: 'differs', kind, causes, columns, inCopy };
}
