import type { HopState, TrackingStatus } from '@tidemark/tracking';

const WORST_FIRST: readonly TrackingStatus[] = ['failed', 'pending', 'success'];

/** How the last run of each table ended, the worst of its hops; null for a table without a record. */
export function worstStatus(...tiers: readonly (readonly HopState[])[]): (table: string) => TrackingStatus | null {
  const byTable = Map.groupBy(tiers.flat(), (state) => state.table);
  return (table) => {
    const statuses = new Set((byTable.get(table) ?? []).map((state) => state.status));
    return WORST_FIRST.find((status) => statuses.has(status)) ?? null;
  };
}
