import {
  advanceHighestKey,
  advanceWatermarks,
  observeColumn,
  rememberQuality,
  type ColumnObserver,
  type ColumnQuality,
  type PlanColumn,
  type SnapshotTime,
  type Watermarks,
} from '@tidemark/incremental';
import { inZone, readClock, toPlanTable, type MysqlSession } from '@tidemark/mysql';
import type { HopState } from '@tidemark/tracking';

import type { ReplicaTable } from './find-replica-table.ts';
import type { LoadPlan } from './plan-load.ts';
import type { TargetColumn } from './raw-target.ts';

/** How far the rows in raw reach, in the terms of the source. */
export interface Marks {
  readonly watermarks: Watermarks;
  readonly highestKey: string | null;
  readonly sourceAsOf: string | null;
  /** Of a replica that Tidemark built, the copy hop's record says it. */
  readonly columnQuality: readonly ColumnQuality[];
}

/** Where the marks of a load come from. */
export interface MarkFollower {
  /** For the encoder: called with every value of a column, by its position. */
  readonly observe: ReadonlyMap<number, (value: string | null) => void>;
  /** The marks, once the rows have been read. */
  reached(): Marks;
}

export interface FollowInput {
  readonly replicaTable: ReplicaTable;
  readonly columns: readonly TargetColumn[];
  readonly plan: LoadPlan;
  readonly state: HopState | null;
  readonly timeColumnZone: string | null;
}

/**
 * A replica built by Tidemark hands its marks down with its rows. Any other is observed as a source would be, capped by
 * its own clock, read before the first row (P2).
 */
export async function followMarks(replica: MysqlSession, input: FollowInput): Promise<MarkFollower> {
  const { replicaTable } = input;
  const { copy } = replicaTable;
  if (replicaTable.hasSequence && copy) return { observe: new Map(), reached: () => ({ ...copy, columnQuality: [] }) };
  return observeMarks(input, inZone(await readClock(replica), input.timeColumnZone));
}

function observeMarks(input: FollowInput, snapshot: SnapshotTime): MarkFollower {
  const { columns, plan, state, replicaTable } = input;
  const table = toPlanTable(replicaTable.description, replicaTable.key);
  const keyColumn = table.keyIsAutoIncrement ? table.columns.find(({ name }) => name === table.key[0]) : undefined;
  const observers = plan.observe.map((column) => ({ column, observer: observeColumn(column, snapshot) }));
  const keyObserver = keyColumn ? observeColumn(keyColumn, snapshot) : null;
  const followed = [...observers];
  if (keyColumn && keyObserver) followed.push({ column: keyColumn, observer: keyObserver });
  const startsAnew = plan.kind === 'full';
  return {
    observe: byPosition(columns, followed),
    reached: () => {
      const observations = observers.map(({ observer }) => observer.result());
      return {
        watermarks: advanceWatermarks({
          previous: startsAnew ? {} : (state?.watermarks ?? {}),
          observations,
          columns: plan.observe,
          snapshot,
          openTransactionAgeSeconds: null,
        }),
        highestKey: keyObserver
          ? advanceHighestKey({
              previous: startsAnew ? null : (state?.highestKey ?? null),
              highest: keyObserver.result().highest,
            })
          : null,
        sourceAsOf: replicaTable.copy?.sourceAsOf ?? null,
        columnQuality: rememberQuality(state?.columnQuality ?? [], observations),
      };
    },
  };
}

function byPosition(
  columns: readonly TargetColumn[],
  followed: readonly { readonly column: PlanColumn; readonly observer: ColumnObserver }[],
): Map<number, (value: string | null) => void> {
  const observe = new Map<number, (value: string | null) => void>();
  columns.forEach(({ source }, position) => {
    const observers = followed.filter(({ column }) => column.name === source.name).map(({ observer }) => observer);
    if (observers.length === 0) return;
    observe.set(position, (value) => {
      for (const observer of observers) observer.observe(value);
    });
  });
  return observe;
}
