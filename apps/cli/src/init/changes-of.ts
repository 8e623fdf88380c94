import { tableSettings, type EntryChange, type TablesFile } from '@tidemark/config';

import type { Proposed } from './propose-tables.ts';

export interface TableChange {
  readonly table: string;
  readonly change: EntryChange;
}

/**
 * What --update changes: where there is advice, strategy and columns as proposed; where columns are lost, those are taken
 * out. A key is never changed: rows are written by it, and which one is right is not for a program to say.
 */
export function changesOf(file: TablesFile | null, { advice, drift }: Proposed): TableChange[] {
  const changes = new Map<string, EntryChange>();
  for (const { table, propose } of advice) changes.set(table, propose);
  for (const { table, columns, kind } of drift) {
    if (kind !== 'lost_columns' || changes.has(table)) continue;
    const lost = new Set(columns.map((column) => column.toLowerCase()));
    const configured = tableSettings(file, table).incrementalColumns ?? [];
    const kept = configured.filter((column) => !lost.has(column.toLowerCase()));
    if (kept.length > 0 && kept.length < configured.length) changes.set(table, { incrementalColumns: kept });
  }
  return [...changes].map(([table, change]) => ({ table, change }));
}
