import { loadTable } from '@tidemark/loader';
import { copyTable } from '@tidemark/replicator';
import type { TableResult } from '@tidemark/tracking';

import type { Room } from './room.ts';

export const PLAN = {
  strategy: null,
  incrementalColumns: null,
  incrementalLogic: 'or',
  columnQuality: 'keep',
  lookbackSeconds: {},
  fullTableBelowRows: 5_000,
} as const;

const SETTINGS = { plan: PLAN, primaryKey: null, deletes: 'remove', timeColumnZone: null } as const;

export function copy(room: Room, table: string, digestEverySeconds: number | null = null): Promise<TableResult> {
  return copyTable(
    { source: room.source, replica: room.replica, tracking: room.copyTracking },
    {
      table,
      runId: crypto.randomUUID(),
      fullRefresh: false,
      allowDeletes: false,
      settings: { ...SETTINGS, batchRows: null, digestEverySeconds },
    },
  );
}

export function load(room: Room, table: string): Promise<TableResult> {
  return loadTable(
    { replica: room.replica, tracking: room.loadTracking },
    {
      table,
      runId: crypto.randomUUID(),
      fullRefresh: false,
      allowDeletes: false,
      settings: SETTINGS,
    },
  );
}
