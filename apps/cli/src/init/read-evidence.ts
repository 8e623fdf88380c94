import { readConnections } from '@tidemark/config';
import { TidemarkError, type ErrorCode } from '@tidemark/errors';
import { NO_EVIDENCE, type TableEvidence } from '@tidemark/incremental';
import { openCopyTracking, type HopState } from '@tidemark/tracking';

import { plural } from '@tidemark/command-line/render';
import type { Setup } from '@tidemark/command-line';

/** What earlier runs have seen, if there were any. */
export interface Evidence {
  readonly of: (table: string) => TableEvidence;
  /** Where it came from, or why there is none; for people. */
  readonly text: string;
}

/** Without a replica, or before its first run, a proposal rests on the columns alone. Any other error is one. */
const NOTHING_YET: ReadonlySet<ErrorCode> = new Set([
  'CONFIG_INVALID',
  'SERVER_UNREACHABLE',
  'DATABASE_MISSING',
  'TRACKING_NOT_MIGRATED',
]);

export async function readEvidence({ environment }: Pick<Setup, 'environment'>): Promise<Evidence> {
  try {
    const { replica } = readConnections(environment, ['replica']);
    const tracking = await openCopyTracking(replica, { poolSize: 2 });
    try {
      await tracking.requireCurrent();
      return evidenceOf(await tracking.states());
    } finally {
      await tracking.close();
    }
  } catch (error) {
    if (!(error instanceof TidemarkError) || !NOTHING_YET.has(error.code)) throw error;
    return { of: () => NO_EVIDENCE, text: `no runs to look at: ${error.message.split('\n')[0]} (${error.code})` };
  }
}

export function evidenceOf(states: readonly HopState[]): Evidence {
  const byTable = new Map(states.map((state) => [state.table, state]));
  const seen = states.filter(({ columnQuality }) => columnQuality.length > 0).length;
  return {
    of: (table) => ({ ...NO_EVIDENCE, quality: byTable.get(table)?.columnQuality ?? [] }),
    text: `runs have seen values in the incremental columns of ${plural(seen, 'table')}`,
  };
}
