import type { ColumnObservation, CursorKind, PlanColumn, PlanInput, PlanSettings, PlanTable } from '../types.ts';

/** A column without an index that programs fill, unless told otherwise. */
export function column(name: string, kind: CursorKind, more: Partial<PlanColumn> = {}): PlanColumn {
  return { name, kind, indexed: false, serverMaintained: false, ...more };
}

/** An appointment-like table: auto-increment key, one indexed server stamp, one stamp of each other kind. */
export function table(more: Partial<PlanTable> = {}): PlanTable {
  return {
    name: 'appointment',
    columns: [
      column('AptNum', 'integer', { indexed: true }),
      column('DateTStamp', 'timestamp', { indexed: true, serverMaintained: true }),
      column('SecDateTEntry', 'datetime'),
      column('SecDateEntry', 'date', { indexed: true }),
      column('Revision', 'integer'),
      column('Note', 'other'),
    ],
    key: ['AptNum'],
    keyIsAutoIncrement: true,
    estimatedRows: 100_000,
    ...more,
  };
}

export function settings(more: Partial<PlanSettings> = {}): PlanSettings {
  return {
    strategy: 'incremental',
    incrementalColumns: ['DateTStamp'],
    incrementalLogic: 'or',
    columnQuality: 'keep',
    lookbackSeconds: {},
    fullTableBelowRows: 5000,
    ...more,
  };
}

export const WATERMARKS = {
  DateTStamp: '2024-03-10 12:00:00',
  SecDateTEntry: '2024-03-10 07:00:00',
  SecDateEntry: '2024-03-10',
  Revision: '41',
};

/** A table that has been copied before and may continue. */
export function input(more: Partial<PlanInput> = {}): PlanInput {
  return {
    table: table(),
    settings: settings(),
    state: { watermarks: WATERMARKS, highestKey: '900', structure: 's1' },
    structure: 's1',
    replicaIsNew: false,
    force: false,
    observations: [],
    ...more,
  };
}

export function observation(name: string, more: Partial<ColumnObservation> = {}): ColumnObservation {
  return { column: name, values: 0, nulls: 0, sentinels: 0, outOfRange: 0, future: 0, highest: null, ...more };
}
