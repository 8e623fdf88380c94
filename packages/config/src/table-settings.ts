import type { ColumnQualityPolicy, IncrementalLogic, PlanSettings, Strategy } from '@tidemark/incremental';

import { indexNames, matchName } from './match-name.ts';
import {
  EVERY_COLUMN,
  type DeletePolicy,
  type LookbackSeconds,
  type TableEntry,
  type TablesFile,
} from './tables-file.ts';

/** Everything that is configured for one table, with the defaults filled in. */
export interface TableSettings {
  readonly table: string;
  /** Null lets the table decide. */
  readonly strategy: Strategy | null;
  /** Null: not configured. An empty list: none, on purpose. */
  readonly incrementalColumns: readonly string[] | null;
  /** Null: the key of the table itself. */
  readonly primaryKey: readonly string[] | null;
  /** Upper bound for the rows of one chunk; null: no bound of its own. */
  readonly batchRows: number | null;
  readonly incrementalLogic: IncrementalLogic;
  readonly columnQuality: ColumnQualityPolicy;
  /** Column name, or `*` for every other column → seconds; the default of the column's kind where none is given. */
  readonly lookbackSeconds: LookbackSeconds;
  readonly deletes: DeletePolicy;
  readonly tags: readonly string[];
  /** Seconds between two digests; 0: in every run; null: never. */
  readonly digestEverySeconds: number | null;
  readonly fullTableBelowRows: number;
  /** Zone of the table's DATETIME columns; null: the source server's. */
  readonly timeColumnZone: string | null;
}

export const TABLE_DEFAULTS = {
  incrementalLogic: 'or',
  columnQuality: 'keep',
  deletes: 'remove',
  digestEverySeconds: 86_400,
  fullTableBelowRows: 5_000,
} as const satisfies Partial<TableSettings>;

/** The settings of a table: its own entry, else `defaults:` of the file, else Tidemark's defaults. */
export function tableSettings(file: TablesFile | null, table: string): TableSettings {
  const entry = file ? findEntry(file, table) : null;
  const own = entry?.own;
  const shared = file?.defaults;
  const digestEvery = own?.digestEvery ?? shared?.digestEvery ?? TABLE_DEFAULTS.digestEverySeconds;
  return {
    table,
    strategy: entry?.strategy ?? null,
    incrementalColumns: entry?.incrementalColumns ?? null,
    primaryKey: entry?.primaryKey ?? null,
    batchRows: entry?.batchRows ?? null,
    incrementalLogic: own?.incrementalLogic ?? shared?.incrementalLogic ?? TABLE_DEFAULTS.incrementalLogic,
    columnQuality: own?.columnQuality ?? shared?.columnQuality ?? TABLE_DEFAULTS.columnQuality,
    lookbackSeconds: mergeLookback(shared?.lookbackSeconds ?? null, own?.lookbackSeconds ?? null),
    deletes: own?.deletes ?? shared?.deletes ?? TABLE_DEFAULTS.deletes,
    tags: own?.tags ?? shared?.tags ?? [],
    digestEverySeconds: digestEvery === 'never' ? null : digestEvery,
    fullTableBelowRows: own?.fullTableBelowRows ?? shared?.fullTableBelowRows ?? TABLE_DEFAULTS.fullTableBelowRows,
    timeColumnZone: own?.timeColumnZone ?? shared?.timeColumnZone ?? null,
  };
}

/** The part of the settings that decides what is read. */
export function toPlanSettings(settings: TableSettings): PlanSettings {
  return {
    strategy: settings.strategy,
    incrementalColumns: settings.incrementalColumns,
    incrementalLogic: settings.incrementalLogic,
    columnQuality: settings.columnQuality,
    lookbackSeconds: settings.lookbackSeconds,
    fullTableBelowRows: settings.fullTableBelowRows,
  };
}

function findEntry(file: TablesFile, table: string): TableEntry | null {
  const exact = file.tables.get(table);
  if (exact) return exact;
  const match = matchName(table, indexNames(file.tables.keys()));
  return match.kind === 'found' ? (file.tables.get(match.name) ?? null) : null;
}

/**
 * The table's lookback over that of `defaults:`, names compared as MySQL compares columns. One duration for all columns
 * of a table puts aside whatever `defaults:` says of single ones.
 */
function mergeLookback(shared: LookbackSeconds | null, own: LookbackSeconds | null): LookbackSeconds {
  const named = new Set(Object.keys(own ?? {}).map((column) => column.toLowerCase()));
  const kept = named.has(EVERY_COLUMN)
    ? []
    : Object.entries(shared ?? {}).filter(([column]) => !named.has(column.toLowerCase()));
  return Object.assign(Object.create(null), Object.fromEntries(kept), own);
}
