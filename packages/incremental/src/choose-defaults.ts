import { serverStamps } from './choose-columns.ts';
import type { PlanTable, Strategy } from './types.ts';

/** What a new configuration proposes for a table. */
export interface ProposedSettings {
  readonly strategy: Strategy;
  readonly incrementalColumns: readonly string[];
  /** A sentence a person can read. */
  readonly reason: string;
}

/** Tables below this many estimated rows are read whole when they have no trustworthy stamp. */
export const DEFAULT_FULL_TABLE_BELOW_ROWS = 5000;

/**
 * Proposes a strategy for a table nobody has configured yet.
 *
 * Only a stamp that the server keeps itself counts: a column that programs fill may show the insert alone, be written
 * from a workstation's clock, or not move at all.
 */
export function chooseDefaults(
  table: PlanTable,
  fullTableBelowRows: number = DEFAULT_FULL_TABLE_BELOW_ROWS,
): ProposedSettings {
  const incrementalColumns = serverStamps(table).map((column) => column.name);
  if (table.key.length === 0) {
    return { strategy: 'full_table', incrementalColumns, reason: 'The table has no key, so it is read whole.' };
  }
  if (incrementalColumns.length > 0) {
    const names = incrementalColumns.join(', ');
    return {
      strategy: 'incremental',
      incrementalColumns,
      reason: `The server itself stamps every change in ${names}.`,
    };
  }
  const rows = `about ${table.estimatedRows} rows`;
  return table.estimatedRows < fullTableBelowRows
    ? {
        strategy: 'full_table',
        incrementalColumns,
        reason: `No stamp shows every change, and the table is small (${rows}).`,
      }
    : {
        strategy: 'digest',
        incrementalColumns,
        reason: `No stamp shows every change, and the table is large (${rows}).`,
      };
}
