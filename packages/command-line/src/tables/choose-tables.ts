import { resolveTables, selectTables, tableSettings, type TablesFile, type TableSkipReason } from '@tidemark/config';
import { TidemarkError } from '@tidemark/errors';
import type { TrackingStatus } from '@tidemark/tracking';

import type { Terms } from '../program/selection-flags.ts';
import type { ListedTable } from './list-tables.ts';

export interface ChosenTables {
  /** To be worked on: the biggest first, so that it does not end up alone at the end. */
  readonly tables: readonly ListedTable[];
  /** Selected and configured, but not to be had; why, in words. */
  readonly skipped: readonly { readonly table: string; readonly reason: string }[];
  /** Selected and there, and nobody but the writer of tables.yml can say which they are: each fails. */
  readonly refused: readonly RefusedTable[];
}

export interface RefusedTable {
  readonly table: string;
  readonly error: TidemarkError;
}

export interface ChooseInput {
  readonly file: TablesFile | null;
  /** Base tables of the database that is read. */
  readonly listed: readonly ListedTable[];
  /** Which database that is, for the words. */
  readonly where: 'source' | 'replica';
  readonly terms: Terms;
  readonly lastStatus: (table: string) => TrackingStatus | null;
}

/**
 * Which tables a command works on: those that are configured, in the database and selected.
 *
 * @throws TidemarkError TABLE_UNKNOWN, CONFIG_INVALID
 */
export function chooseTables({ file, listed, where, terms, lastStatus }: ChooseInput): ChosenTables {
  const resolved = resolveTables({ file, sourceTables: listed.map((table) => table.name) });
  const why = new Map(resolved.skipped.map(({ table, reason }) => [table, reason]));
  const selected = selectTables([...resolved.tables, ...why.keys()], {
    ...terms,
    settings: (table) => tableSettings(file, table),
    lastStatus,
  });
  const byName = new Map(listed.map((table) => [table.name, table]));
  const tables = selected.flatMap((name) => (why.has(name) ? [] : (byName.get(name) ?? [])));
  return {
    tables: tables.toSorted((a, b) => b.estimatedRows - a.estimatedRows),
    skipped: selected.flatMap((table) => {
      const reason = why.get(table);
      // Without a file nobody asked for passing tables: they are not worth a word.
      if (reason === undefined || reason === 'ambiguous_name' || file === null) return [];
      return [{ table, reason: inWords(reason, where) }];
    }),
    refused: selected
      .filter((table) => why.get(table) === 'ambiguous_name')
      .map((table) => ({ table, error: ambiguous(table, listed, where) })),
  };
}

/** Skipped, it would never be synced, and every run would end with 0. */
function ambiguous(table: string, listed: readonly ListedTable[], where: 'source' | 'replica'): TidemarkError {
  const fitting = listed.map(({ name }) => name).filter((name) => name.toLowerCase() === table.toLowerCase());
  return new TidemarkError('CONFIG_INVALID', {
    message: `its name fits several tables of the ${where} that differ in case only: ${fitting.toSorted().join(', ')}`,
    hint: 'Write it in tables.yml as the source spells it.',
    table,
  });
}

function inWords(reason: Exclude<TableSkipReason, 'ambiguous_name'>, where: 'source' | 'replica'): string {
  switch (reason) {
    case 'absent_in_source':
      return `not in the ${where}`;
    case 'described_twice':
      return 'another entry of tables.yml stands for the same table';
    case 'temporary_table':
      return 'a passing table of OpenDental, never copied';
    case 'tracking_table':
      return 'a table of Tidemark itself';
    default:
      return reason satisfies never;
  }
}
