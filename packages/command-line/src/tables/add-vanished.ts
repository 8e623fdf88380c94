import { isPassingTable } from '@tidemark/mysql';
import type { HopState } from '@tidemark/tracking';

import type { ListedTable } from './list-tables.ts';

/**
 * The tables of the source and those that were copied before and are no longer there: they take their turn like any
 * other, and the copy hop says that they are gone. Without this, a table that vanished would be passed over in silence.
 */
export function addVanished(listed: readonly ListedTable[], states: readonly HopState[]): readonly ListedTable[] {
  const there = new Set(listed.map(({ name }) => name.toLowerCase()));
  const vanished = states.filter(
    ({ table, succeeded, resume }) =>
      (succeeded || resume !== null) && !there.has(table.toLowerCase()) && !isPassingTable(table),
  );
  return [...listed, ...vanished.map(({ table }) => ({ name: table, estimatedRows: 0 }))];
}
