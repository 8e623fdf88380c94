import type { TidemarkError } from '@tidemark/errors';

import type { Asked } from '../pipeline.ts';
import { outcomeOf } from '../races/outcome-of.ts';
import { expectTold } from '../races/sheets.ts';
import type { StudiedTable } from './studied-table.ts';

type Hop = 'copy' | 'load';

interface Failure {
  readonly hop: Hop;
  readonly code: TidemarkError['code'];
  readonly hint: string;
}

/** So many errors one after the other mean that the hints lead nowhere. */
const MOST_ERRORS = 6;

/**
 * Runs the table and does, to the letter, what each error says: the commands between backticks, in their order. Ends
 * when all of them have succeeded.
 *
 * @returns which hop failed with which code, in order
 */
export async function followHints(table: StudiedTable): Promise<string[]> {
  const told: string[] = [];
  const commands = [`tidemark run ${table.name}`];
  for (let next = commands.shift(); next !== undefined; next = commands.shift()) {
    const failure = await perform(table, next);
    if (failure === null) continue;
    told.push(`${failure.hop} ${failure.code}`);
    if (told.length > MOST_ERRORS) throw new Error(`The hints lead nowhere: ${told.join(', ')}`);
    const named = commandsIn(failure.hint);
    commands.unshift(...(named.length > 0 ? named : [`tidemark run ${table.name}`]));
  }
  return told;
}

function commandsIn(hint: string): string[] {
  return [...hint.matchAll(/`([^`]+)`/g)].map(([, command = '']) => command);
}

async function perform(table: StudiedTable, command: string): Promise<Failure | null> {
  if (command === 'dbt run') {
    await table.buildView();
    return null;
  }
  const tidemark = /^tidemark (run|copy|load) (\S+)((?: --[\w-]+)*)$/.exec(command);
  if (!tidemark) {
    if (command.startsWith('tidemark')) throw new Error(`The hint is no command as it stands: ${command}`);
    await table.pipeline.warehouse.exec(command);
    return null;
  }
  const [, what, name, flags = ''] = tidemark;
  if (name !== table.name) throw new Error('The hint names another table.');
  const asked: Asked = {
    ...table.asked,
    fullRefresh: flags.includes('--full-refresh'),
    allowDeletes: flags.includes('--allow-deletes'),
  };
  const hops: readonly Hop[] = what === 'run' ? ['copy', 'load'] : [what === 'copy' ? 'copy' : 'load'];
  for (const hop of hops) {
    const failure = await performHop(table, hop, asked);
    if (failure) return failure;
  }
  return null;
}

/** A failure has moved nothing and is recorded. */
export async function performHop({ pipeline, name }: StudiedTable, hop: Hop, asked: Asked): Promise<Failure | null> {
  const before = (await pipeline.states(name))[hop];
  const outcome = await outcomeOf(pipeline[hop](name, asked));
  await expectTold(pipeline, hop, { table: name, before, outcome });
  return outcome.code === null ? null : { hop, code: outcome.code, hint: outcome.hint };
}
