import { plural } from '@tidemark/command-line/render';
import type { ChosenTables } from '@tidemark/command-line/run';
import type { HopState } from '@tidemark/tracking';

import { someOf } from './check-source.ts';
import { findingsOf, type Finding } from './finding.ts';

const find = findingsOf('coverage');

export interface CoverageInput {
  /** Synced and in the source. */
  readonly tables: readonly string[];
  /** Configured and not to be had. */
  readonly skipped: ChosenTables['skipped'];
  /** Configured, and it cannot be told which they are. */
  readonly refused: ChosenTables['refused'];
  /** Base tables of the source. */
  readonly all: readonly string[];
  readonly copied: readonly HopState[];
  readonly loaded: readonly HopState[];
}

/** How many of the synced tables have a record in both hops, and which not. */
export function checkCoverage({ tables, skipped, refused, all, copied, loaded }: CoverageInput): Finding[] {
  return [
    find.info('synced', `${plural(tables.length, 'table')} synced, of ${all.length} in the source`),
    ...refused.map(({ table, error }) => find.error('ambiguous-name', `${table}: ${error.message}`, error.hint)),
    ...[...Map.groupBy(skipped, ({ reason }) => reason)].map(([reason, group]) =>
      find.warning(
        'not-synced',
        `${plural(group.length, 'table')} of tables.yml ${group.length === 1 ? 'is' : 'are'} left out (${reason}): ${someOf(group.map(({ table }) => table))}`,
        'Take them out of tables.yml, or look whether the user of the source may see them.',
      ),
    ),
    ...checkHop('copied', tables, copied),
    ...checkHop('loaded', tables, loaded),
  ];
}

function checkHop(past: 'copied' | 'loaded', tables: readonly string[], states: readonly HopState[]): Finding[] {
  const stateOf = new Map(states.map((state) => [state.table, state]));
  const never = tables.filter((table) => stateOf.get(table)?.succeeded !== true);
  const failing = tables.filter((table) => stateOf.get(table)?.status === 'failed');
  return [
    never.length === 0
      ? find.ok(past, `all of them were ${past} at least once`)
      : find.info(past, `${plural(never.length, 'table')} never ${past}: ${someOf(never)}`, 'tidemark run'),
    ...(failing.length === 0
      ? []
      : [
          find.warning(
            past,
            `${plural(failing.length, 'table')} not ${past} in the last run: ${someOf(failing)}`,
            'tidemark status --select result:error says why; tidemark run --select result:error tries again.',
          ),
        ]),
  ];
}
