import { judgeColumn } from './judge-column.ts';
import type { ColumnQuality, ColumnVerdict, PlanColumn, PlanSettings, PlanTable, SkippedColumn } from './types.ts';

/** What became of the listed incremental columns. */
export interface ChosenColumns {
  /** In the table, with an order, not part of the key. */
  readonly usable: readonly PlanColumn[];
  /** Listed but not usable. Key columns of an auto-increment key are not here: they have a branch of their own. */
  readonly skipped: readonly SkippedColumn[];
  /** At least one column was listed, and nothing but columns of the key. */
  readonly onlyKey: boolean;
}

/**
 * Finds the incremental columns in the table: the configured ones, else the stamps that the server keeps itself.
 *
 * Names are compared as MySQL compares column names, without case; the table's own spelling is what goes on.
 */
export function chooseColumns(table: PlanTable, settings: PlanSettings): ChosenColumns {
  const byName = new Map(table.columns.map((column) => [column.name.toLowerCase(), column]));
  const key = new Set(table.key.map((name) => name.toLowerCase()));
  const listed = settings.incrementalColumns ?? serverStamps(table).map((column) => column.name);
  const usable = new Map<string, PlanColumn>();
  const skipped = new Map<string, SkippedColumn>();
  for (const name of listed) {
    const lower = name.toLowerCase();
    const column = byName.get(lower);
    const why = key.has(lower) ? KEY_COLUMN : whyNot(column);
    if (column !== undefined && why === null) {
      usable.set(lower, column);
    } else if (why !== null && !(key.has(lower) && table.keyIsAutoIncrement)) {
      skipped.set(lower, { column: column?.name ?? name, why });
    }
  }
  return {
    usable: [...usable.values()],
    skipped: [...skipped.values()],
    onlyKey: listed.length > 0 && listed.every((name) => key.has(name.toLowerCase())),
  };
}

/** The columns that the server itself moves with every change of a row, key columns left out. */
export function serverStamps(table: PlanTable): readonly PlanColumn[] {
  return table.columns.filter((column) => column.serverMaintained && !table.key.includes(column.name));
}

/** The `skip` policy: leaves out the columns that looked bad in the last run that observed them. */
export function leaveOutBadColumns(
  columns: readonly PlanColumn[],
  observations: readonly ColumnQuality[],
): { readonly kept: readonly PlanColumn[]; readonly skipped: readonly SkippedColumn[] } {
  const kept: PlanColumn[] = [];
  const skipped: SkippedColumn[] = [];
  for (const column of columns) {
    const last = observations.findLast((observation) => observation.column === column.name);
    const why = last === undefined ? null : BAD_VERDICTS[judgeColumn(last)];
    if (why === null) {
      kept.push(column);
    } else {
      skipped.push({ column: column.name, why });
    }
  }
  return { kept, skipped };
}

const KEY_COLUMN = 'it is part of the key and does not move when a row is updated';

/** Null: not bad enough to lose the column. Future values are left out of the watermark one by one. */
const BAD_VERDICTS: Readonly<Record<ColumnVerdict, string | null>> = {
  good: null,
  no_values: null,
  future_values: null,
  all_null: 'it held only NULL in the last run',
  only_sentinels: 'it held only sentinel dates in the last run',
  out_of_range_values: 'it held values outside the years 1900 to 2100 in the last run',
};

function whyNot(column: PlanColumn | undefined): string | null {
  if (column === undefined) {
    return 'the table has no such column';
  }
  return column.kind === 'other' ? 'its type has no order of time or counting' : null;
}
