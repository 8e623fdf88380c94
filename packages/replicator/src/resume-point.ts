import {
  compareCursorValues,
  parseCursorValue,
  type ColumnObservation,
  type PlanColumn,
  type SnapshotTime,
} from '@tidemark/incremental';
import type { KeyValue } from '@tidemark/mysql';

import type { UpgradeSigns } from './upgrade-signs.ts';

/** Where a first copy stands; kept in the tracking row, written in the transaction of each chunk. */
export interface ResumePoint {
  /** Fingerprint of the columns when it began: a table that changed meanwhile begins anew. */
  readonly structure: string;
  /** Last key copied. */
  readonly after: KeyValue;
  readonly rows: number;
  /** The source's clock before the very first chunk: rows of early chunks may have changed since. */
  readonly snapshot: SnapshotTime;
  readonly openTransactionAgeSeconds: number | null;
  readonly observations: readonly ColumnObservation[];
  readonly highestKey: string | null;
  /** As they were before the very first chunk. */
  readonly signs: UpgradeSigns;
}

export function writeResumePoint(point: ResumePoint): string {
  return JSON.stringify(point);
}

/** The resume point of a record; null when there is none, or the table is another one or has other columns since. */
export function readResumePoint(
  text: string | null,
  now: { readonly structure: string; readonly created: string | null },
): ResumePoint | null {
  if (text === null) return null;
  const point: unknown = JSON.parse(text);
  if (!isResumePoint(point) || point.structure !== now.structure || point.signs.created !== now.created) return null;
  return point;
}

function isResumePoint(value: unknown): value is ResumePoint {
  if (typeof value !== 'object' || value === null) return false;
  return 'structure' in value && 'after' in value && 'snapshot' in value && 'signs' in value;
}

/** Adds up what two parts of one read saw in their columns. */
export function addObservations(
  earlier: readonly ColumnObservation[],
  later: readonly ColumnObservation[],
  columns: readonly PlanColumn[],
): ColumnObservation[] {
  return later.map((second) => {
    const first = earlier.find((candidate) => candidate.column === second.column);
    const kind = columns.find((column) => column.name === second.column)?.kind ?? 'other';
    if (!first) return second;
    return {
      column: second.column,
      values: first.values + second.values,
      nulls: first.nulls + second.nulls,
      sentinels: first.sentinels + second.sentinels,
      outOfRange: first.outOfRange + second.outOfRange,
      future: first.future + second.future,
      highest: higher(kind, first.highest, second.highest),
    };
  });
}

function higher(kind: PlanColumn['kind'], left: string | null, right: string | null): string | null {
  if (kind === 'other' || left === null || right === null) return left ?? right;
  const [first, second] = [parseCursorValue(kind, left), parseCursorValue(kind, right)];
  return first && second && compareCursorValues(first, second) > 0 ? left : right;
}
