import type { Terms } from '@tidemark/command-line';
import { worstStatus } from '@tidemark/command-line/run';
import { selectTables, tableSettings, type TablesFile } from '@tidemark/config';
import type { HopState } from '@tidemark/tracking';

export interface TrackedInput {
  readonly file: TablesFile | null;
  readonly copied: readonly HopState[];
  readonly loaded: readonly HopState[];
  readonly terms: Terms;
  /** Other names that records stand under: models of dbt. */
  readonly models?: readonly string[];
}

/**
 * The selected tables among those that are configured or have a record, by name. The source is not asked: looking at
 * the state must work while it is down.
 *
 * @throws TidemarkError TABLE_UNKNOWN, CONFIG_INVALID
 */
export function chooseTracked({ file, copied, loaded, terms, models = [] }: TrackedInput): string[] {
  const recorded = [...[...copied, ...loaded].map((state) => state.table), ...models];
  const spelled = new Set(recorded.map((table) => table.toLowerCase()));
  // A record has the spelling of the source; a name that only tables.yml has may differ from it in case.
  const configured = [...(file?.tables.keys() ?? [])].filter((table) => !spelled.has(table.toLowerCase()));
  return selectTables([...new Set([...recorded, ...configured])].toSorted(), {
    ...terms,
    settings: (table) => tableSettings(file, table),
    lastStatus: worstStatus(copied, loaded),
  });
}
