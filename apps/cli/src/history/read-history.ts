import type { Setup } from '@tidemark/command-line';
import { toIso } from '@tidemark/command-line/render';
import { openBothTrackings } from '@tidemark/command-line/run';
import type { ErrorCode } from '@tidemark/errors';
import type { AttemptCost, ChangeCounts, HistoryEntry, Hop, TrackingStatus } from '@tidemark/tracking';

export interface HistoryInput {
  readonly table?: string | undefined;
  readonly runId?: string | undefined;
  readonly limit: number;
}

/** One attempt of a run at one table in one hop, as `history --json` prints it. */
export interface HistoryLine {
  readonly runId: string;
  readonly table: string;
  readonly hop: Hop;
  /** From 1; more where the run tried the table again. */
  readonly attempt: number;
  readonly startedAt: string;
  /** Null: still running, or killed. */
  readonly finishedAt: string | null;
  readonly plan: string;
  readonly reason: string;
  readonly status: TrackingStatus | null;
  readonly rowsRead: number;
  readonly rowsInserted: number;
  readonly rowsUpdated: number;
  readonly rowsDeleted: number;
  readonly rowsUnchanged: number;
  readonly bytes: number;
  /** What was changed in values on the way (promise P10): kind → number of values. */
  readonly changes: ChangeCounts;
  readonly errorCode: ErrorCode | null;
  /** Time and statements, and those spent on tracking; null for what did not succeed. */
  readonly cost: AttemptCost | null;
}

export interface HistoryReport {
  readonly runs: readonly HistoryLine[];
}

/** The history of both databases as one, newest first. */
export async function readHistory({ environment }: Setup, input: HistoryInput): Promise<HistoryReport> {
  await using tracking = await openBothTrackings({ environment });
  await Promise.all([tracking.copy.requireCurrent(), tracking.load.requireCurrent()]);
  const [copied, loaded] = await Promise.all([tracking.copy.history(input), tracking.load.history(input)]);
  return { runs: mergeNewestFirst([...copied, ...loaded], input.limit) };
}

export function mergeNewestFirst(entries: readonly HistoryEntry[], limit: number): HistoryLine[] {
  return entries
    .map(toLine)
    .toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))
    .slice(0, limit);
}

function toLine({ counts, startedAt, finishedAt, ...entry }: HistoryEntry): HistoryLine {
  return {
    runId: entry.runId,
    table: entry.table,
    hop: entry.hop,
    attempt: entry.attempt,
    startedAt: toIso(startedAt),
    finishedAt: finishedAt === null ? null : toIso(finishedAt),
    plan: entry.plan,
    reason: entry.reason,
    status: entry.status,
    ...counts,
    changes: entry.changes,
    errorCode: entry.errorCode,
    cost: entry.cost,
  };
}
