import {
  observeColumn,
  type ColumnObservation,
  type PlanColumn,
  type PlanTable,
  type SnapshotTime,
} from '@tidemark/incremental';
import type { ColumnDescription } from '@tidemark/mysql';

/** Looks at incremental columns and the key while rows go by. */
export interface RowObservers {
  /** By position in the list of columns that are read. */
  readonly byPosition: ReadonlyMap<number, (value: string | null) => void>;
  observations(): ColumnObservation[];
  /** Highest key seen; null when no row came by or the key is not one auto-increment integer. */
  highestKey(): string | null;
}

/** Observers for the columns of a plan, and for the key where it is one auto-increment integer. */
export function observeRows(
  columns: readonly ColumnDescription[],
  observed: readonly PlanColumn[],
  table: PlanTable,
  snapshot: SnapshotTime,
): RowObservers {
  const observers = observed.map((column) => observeColumn(column, snapshot));
  const keyColumn = table.keyIsAutoIncrement ? table.columns.find((column) => column.name === table.key[0]) : undefined;
  const keyObserver = keyColumn ? observeColumn(keyColumn, snapshot) : null;
  const byPosition = new Map<number, (value: string | null) => void>();
  columns.forEach((column, position) => {
    const listeners = observers.filter((_, index) => observed[index]?.name === column.name);
    if (keyObserver && column.name === keyColumn?.name) listeners.push(keyObserver);
    const [first, second] = listeners;
    if (first && second) {
      byPosition.set(position, (value) => {
        first.observe(value);
        second.observe(value);
      });
    } else if (first) byPosition.set(position, (value) => first.observe(value));
  });
  return {
    byPosition,
    observations: () => observers.map((observer) => observer.result()),
    highestKey: () => keyObserver?.result().highest ?? null,
  };
}
