import { resolveTables, type TablesFile } from '@tidemark/config';
import type { HopState } from '@tidemark/tracking';

import type { LeftOut } from './metrics-report.ts';

export interface MeasuredTables {
  readonly measured: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

export interface MeasuredInput {
  readonly file: TablesFile | null;
  /** Selected, among those that are configured or have a record. */
  readonly tables: readonly string[];
  readonly copied: readonly HopState[];
}

/**
 * Which tables the numbers are of: those that runs keep up to date. The record of another one stays, and so would its
 * last comparison, older every day, with missed rows that no run can bring (decision 63). Passing tables are never synced.
 */
export function chooseMeasured({ file, tables, copied }: MeasuredInput): MeasuredTables {
  const all = resolveTables({ file: null, sourceTables: tables }).tables;
  const synced = new Set(resolveTables({ file, sourceTables: all }).tables);
  const gone = new Set(copied.filter(({ lastError }) => lastError === 'TABLE_GONE').map(({ table }) => table));
  const leftOut = all.flatMap((table): LeftOut[] => {
    if (gone.has(table)) return [{ table, why: 'gone_from_source' }];
    return synced.has(table) ? [] : [{ table, why: 'not_in_tables_yml' }];
  });
  const isLeftOut = new Set(leftOut.map(({ table }) => table));
  return { measured: all.filter((table) => !isLeftOut.has(table)), leftOut };
}
