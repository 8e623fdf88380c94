import { plural } from '@tidemark/command-line/render';
import { resolveTables, type TablesFile } from '@tidemark/config';
import { postgresName, quoteName } from '@tidemark/loader';
import type { HopState } from '@tidemark/tracking';

import { someOf } from './check-source.ts';
import { findingsOf, type Finding } from './finding.ts';

const find = findingsOf('coverage');

export interface LeftoverInput {
  readonly file: TablesFile | null;
  /** Synced and in the source. */
  readonly tables: readonly string[];
  /** Base tables of the source. */
  readonly all: readonly string[];
  readonly copied: readonly HopState[];
  /** Names of the tables in raw. */
  readonly raw: Iterable<string>;
  readonly schema: string;
}

/** Tables that are there and get no rows any more, so that whoever reads them reads what was. */
export function checkLeftovers(input: LeftoverInput): Finding[] {
  return [...checkVanished(input), ...checkRawNames(input)];
}

/** Copied before, and not in the source any more. */
export function vanishedTables({ all, copied }: Pick<LeftoverInput, 'all' | 'copied'>): string[] {
  const there = new Set(all.map((table) => table.toLowerCase()));
  return copied.flatMap(({ table, succeeded }) => (succeeded && !there.has(table.toLowerCase()) ? [table] : []));
}

function checkVanished(input: LeftoverInput): Finding[] {
  const vanished = vanishedTables(input);
  const isSynced = (table: string): boolean =>
    resolveTables({ file: input.file, sourceTables: [table] }).tables.length > 0;
  const [asked, left] = [vanished.filter(isSynced), vanished.filter((table) => !isSynced(table))];
  const stay = 'in replica and raw their rows stay as they were';
  return [
    ...(asked.length === 0
      ? []
      : [
          find.warning(
            'vanished',
            `the source does not have ${plural(asked.length, 'table')} any more, or does not show them to the user: ${someOf(asked)}; their runs fail (TABLE_GONE), ${stay}`,
            'If one was renamed, list its new name in tables.yml; if it is gone for good, take it out of tables.yml, or use --exclude.',
          ),
        ]),
    ...(left.length === 0
      ? []
      : [
          find.info(
            'vanished',
            `${plural(left.length, 'table')} that neither the source nor tables.yml has any more: ${someOf(left)}; ${stay}`,
          ),
        ]),
  ];
}

/** PostgreSQL keeps names apart that differ in case only; a load writes to the one that is spelt as the source spells it. */
function checkRawNames({ tables, raw, schema }: LeftoverInput): Finding[] {
  const ours = new Map(tables.map((table) => [postgresName(table).toLowerCase(), postgresName(table)]));
  const exact = new Set(ours.values());
  const names = [...raw];
  const others = names.filter((name) => !exact.has(name) && ours.has(name.toLowerCase()));
  return others.map((name) => {
    const wanted = ours.get(name.toLowerCase()) ?? name;
    const table = `${quoteName(schema)}.${quoteName(name)}`;
    return find.warning(
      'raw-name',
      `raw has a table ${name}, which no load writes: the source spells it ${wanted}`,
      names.includes(wanted)
        ? `Let what reads it read ${wanted}, then DROP TABLE ${table};`
        : `ALTER TABLE ${table} RENAME TO ${quoteName(wanted)}; before the first load of it.`,
    );
  });
}
