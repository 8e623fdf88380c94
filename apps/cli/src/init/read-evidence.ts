import { TidemarkError, type ErrorCode } from '@tidemark/errors';
import { NO_EVIDENCE, type TableEvidence } from '@tidemark/incremental';
import type { Comparison, HopState } from '@tidemark/tracking';

import { openBothTrackings } from '@tidemark/command-line/run';
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
    await using tracking = await openBothTrackings({ environment });
    await Promise.all([tracking.copy.requireCurrent(), tracking.load.requireCurrent()]);
    return evidenceOf(await tracking.copy.states(), (await tracking.load.comparisons()) ?? []);
  } catch (error) {
    if (!(error instanceof TidemarkError) || !NOTHING_YET.has(error.code)) throw error;
    return { of: () => NO_EVIDENCE, text: `no runs to look at: ${error.message.split('\n')[0]} (${error.code})` };
  }
}

/** Causes of a difference that mean that no stamp told of the change. */
const UNSTAMPED = ['stamp_did_not_move', 'no_stamp_column'];

/** @param comparisons of whole tables; the one that found most speaks, whatever was mended since */
export function evidenceOf(states: readonly HopState[], comparisons: readonly Comparison[]): Evidence {
  const byTable = new Map(states.map((state) => [state.table, state]));
  const worst = new Map<string, Comparison>();
  for (const each of comparisons) {
    if (unstampedRows(each) > unstampedRows(worst.get(each.table))) worst.set(each.table, each);
  }
  const seen = states.filter(({ columnQuality }) => columnQuality.length > 0).length;
  const compared = new Set(comparisons.map(({ table }) => table)).size;
  return {
    of: (table) => ({
      quality: byTable.get(table)?.columnQuality ?? [],
      unstampedRows: unstampedRows(worst.get(table)),
      unstampedColumns: worst.get(table)?.columns ?? {},
    }),
    text: `runs have seen values in the incremental columns of ${plural(seen, 'table')}, and ${plural(compared, 'table')} ${compared === 1 ? 'was' : 'were'} compared whole`,
  };
}

function unstampedRows(comparison: Comparison | undefined): number {
  return UNSTAMPED.reduce((rows, cause) => rows + (comparison?.causes[cause] ?? 0), 0);
}
