import { plural } from '@tidemark/command-line/render';
import type { TableDescription } from '@tidemark/mysql';

import { someOf } from './check-source.ts';
import { findingsOf, type Finding } from './finding.ts';

const find = findingsOf('columns');

export interface KeyedTable {
  readonly description: Pick<TableDescription, 'name' | 'key'> & {
    readonly columns: readonly { readonly name: string }[];
  };
  /** `primary_key` of tables.yml. */
  readonly configured: readonly string[] | null;
}

/**
 * Tables that every copy refuses, because there is no key to write their rows by. A key that tables.yml gets wrong is a
 * mistake; a table without one may be among those that nobody asked for.
 */
export function checkKeys(tables: readonly KeyedTable[]): Finding[] {
  const wrong = tables.flatMap(({ description: { name, columns }, configured }) => {
    const there = new Set(columns.map((column) => column.name.toLowerCase()));
    const absent = (configured ?? []).filter((column) => !there.has(column.toLowerCase()));
    return absent.length === 0 ? [] : [`${name} (${absent.join(', ')})`];
  });
  const keyless = tables.flatMap(({ description: { name, key }, configured }) =>
    configured === null && key.length === 0 ? [name] : [],
  );
  return [
    ...(wrong.length === 0
      ? []
      : [
          find.error(
            'key',
            `primary_key of tables.yml names columns that are not in the source in ${plural(wrong.length, 'table')}: ${someOf(wrong)}`,
            'Correct primary_key of these tables in tables.yml.',
          ),
        ]),
    ...(keyless.length === 0
      ? []
      : [
          find.warning(
            'key',
            `${plural(keyless.length, 'table')} without a primary key or a unique index without NULLs: ${someOf(keyless)}`,
            'Name unique columns as primary_key of the table in tables.yml, or take the table out.',
          ),
        ]),
  ];
}
