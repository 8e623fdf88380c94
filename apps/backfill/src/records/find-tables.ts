import type { Setup } from '@tidemark/command-line';
import { chooseTables, listTables, type ChosenTables } from '@tidemark/command-line/run';
import { readConnections, tableSettings } from '@tidemark/config';
import { openMysqlSession } from '@tidemark/mysql';

import type { WantedTables } from './judge-tier.ts';

export interface FoundTables extends WantedTables {
  /** Named in tables.yml and not to be synced; why, in words. */
  readonly skipped: ChosenTables['skipped'];
}

/** The tables that are synced, as the source has them. One statement on the source. */
export async function findTables({ environment, file, settings }: Setup): Promise<FoundTables> {
  const { source } = readConnections(environment, ['source']);
  const session = await openMysqlSession(source, {
    where: 'source',
    stallTimeoutMs: settings.stallSeconds.value * 1000,
  });
  try {
    const listed = await listTables(session);
    const terms = { select: [], exclude: [] };
    const { tables, skipped } = chooseTables({ file, listed, where: 'source', terms, lastStatus: () => null });
    const synced = tables.map(({ name }) => name).toSorted();
    const isIncremental = (table: string): boolean => (tableSettings(file, table).incrementalColumns ?? []).length > 0;
    return { synced, incremental: synced.filter(isIncremental), skipped };
  } finally {
    await session.close();
  }
}
