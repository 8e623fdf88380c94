import type { TableSettings } from '@tidemark/config';
import type { TableDescription } from '@tidemark/mysql';

import type { Drift } from './init-report.ts';

/** Where the entry of a table names columns or a key that the source no longer has so. */
export function findDrift(table: TableDescription, settings: TableSettings): Drift[] {
  const columns = new Set(table.columns.map(({ name }) => name.toLowerCase()));
  const named = [
    ...(settings.incrementalColumns ?? []),
    ...(settings.primaryKey ?? []),
    ...Object.keys(settings.lookbackSeconds).filter((column) => column !== '*'),
  ];
  const lost = [...new Set(named.filter((column) => !columns.has(column.toLowerCase())))];
  const drift: Drift[] = [];
  if (lost.length > 0) {
    const text = `the source has no ${lost.length === 1 ? 'column' : 'columns'} ${lost.join(', ')}`;
    drift.push({ table: table.name, kind: 'lost_columns', columns: lost, text });
  }
  // A table without a key of its own has the one that was named, and there is nothing to compare that with.
  if (settings.primaryKey !== null && table.key.length > 0 && !isSame(settings.primaryKey, table.key)) {
    const text = `tables.yml names the key ${settings.primaryKey.join(', ')}, the source has ${table.key.join(', ')}`;
    drift.push({ table: table.name, kind: 'changed_key', columns: table.key, text });
  }
  return drift;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  const sorted = (names: readonly string[]): string =>
    JSON.stringify(names.map((name) => name.toLowerCase()).toSorted());
  return sorted(one) === sorted(other);
}
