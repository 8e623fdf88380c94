import type { Setup } from '@tidemark/command-line';
import { chooseTables, listTables, type ChosenTables } from '@tidemark/command-line/run';
import { readConnections, tableSettings } from '@tidemark/config';
import { TidemarkError } from '@tidemark/errors';
import { openMysqlSession } from '@tidemark/mysql';

import type { WantedTables } from './judge-tier.ts';

export interface FoundTables extends WantedTables {
  /** Named in tables.yml and not to be synced; why, in words. */
  readonly skipped: ChosenTables['skipped'];
}

/** The tables that are synced, as the source has them. One statement on the source. @throws TidemarkError where none is */
export async function findTables({ environment, file, settings }: Setup): Promise<FoundTables> {
  const { source } = readConnections(environment, ['source']);
  const session = await openMysqlSession(source, {
    where: 'source',
    stallTimeoutMs: settings.stallSeconds.value * 1000,
  });
  try {
    const listed = await listTables(session);
    const terms = { select: [], exclude: [] };
    const chosen = chooseTables({ file, listed, where: 'source', terms, lastStatus: () => null });
    const { tables, refused } = chosen;
    // A run fails at them; here there is only no record to make.
    const skipped = [...chosen.skipped, ...refused.map(({ table, error }) => ({ table, reason: error.message }))];
    const synced = tables.map(({ name }) => name).toSorted();
    if (synced.length === 0) throw nothingToSync(listed.length, skipped.length);
    const isIncremental = (table: string): boolean => (tableSettings(file, table).incrementalColumns ?? []).length > 0;
    return { synced, incremental: synced.filter(isIncremental), skipped };
  } finally {
    await session.close();
  }
}

/** Full coverage of nothing would look like success. */
function nothingToSync(inSource: number, skipped: number): TidemarkError {
  const why =
    inSource === 0
      ? 'the source has no table that its user may see'
      : `none of ${skipped} tables of tables.yml is in the source`;
  return new TidemarkError('CONFIG_INVALID', {
    message: `no table is synced: ${why}`,
    hint: 'Check OPENDENTAL_SOURCE_DB and the rights of its user, and tables.yml. Nothing was written.',
  });
}
