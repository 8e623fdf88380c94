import { SEQUENCE_COLUMN, type MysqlSession, type TableDescription } from '@tidemark/mysql';

import { hasRows } from './count-replica-rows.ts';
import { describeOne, readAbilities } from './ensure-replica-table.ts';
import { isView } from './is-view.ts';
import { keyOf } from './key-of.ts';
import { reconcileReplica, type ReplicaChange } from './reconcile-replica.ts';
import type { CopyInput } from './types.ts';

/** What stands in the replica under a table's name, and what a copy would change of it. Nothing is changed. */
export interface ReplicaSurvey {
  readonly state: 'absent' | 'empty' | 'filled';
  /** As the source has it. */
  readonly source: TableDescription;
  readonly key: readonly string[];
  /** Structure only, in words. */
  readonly changes: readonly string[];
  /** What a person must change first; names and types only. */
  readonly obstacles: readonly string[];
}

/** @returns null where the source has no such table */
export async function surveyReplica(
  sessions: { readonly source: MysqlSession; readonly replica: MysqlSession },
  { table, settings }: Pick<CopyInput, 'table' | 'settings'>,
): Promise<ReplicaSurvey | null> {
  const source = await describeOne(sessions.source, table);
  if (!source) return null;
  const key = keyOf(source, settings.primaryKey);
  const existing = await describeOne(sessions.replica, table);
  const obstacles = key.length === 0 ? ['the table has no key that rows can be written by'] : [];
  if (!existing) {
    if (await isView(sessions.replica, source.name)) obstacles.push(`${source.name} is a view: drop or rename it`);
    return { state: 'absent', source, key, changes: [], obstacles };
  }
  const found = reconcileReplica(source, existing, key, await readAbilities(sessions.replica));
  return {
    state: (await hasRows(sessions.replica, existing.name)) ? 'filled' : 'empty',
    source,
    key,
    changes: found.changes.map((change) => inWords(change, key)),
    obstacles: [...obstacles, ...found.obstacles, ...rebuilding(found.obstacles, table)],
  };
}

/** The rows come from the source again, so nothing is lost; that it takes its time is for a person to know. */
function rebuilding(obstacles: readonly string[], table: string): string[] {
  return obstacles.length === 0
    ? []
    : [`\`tidemark run ${table} --full-refresh\` makes its table anew from the source`];
}

function inWords(change: ReplicaChange, key: readonly string[]): string {
  switch (change.kind) {
    case 'add':
      return `column ${change.column.name} is added`;
    case 'widen':
      return `column ${change.column.name} becomes ${change.column.columnType}`;
    case 'stop_stamping':
      return `column ${change.column.name} no longer stamps itself`;
    case 'add_sequence':
      return `the column ${SEQUENCE_COLUMN} and its indexes are added`;
    case 'add_key':
      return `the primary key (${key.join(', ')}) is added`;
    case 'make_transactional':
      return 'its engine becomes InnoDB';
    default:
      return change satisfies never;
  }
}
