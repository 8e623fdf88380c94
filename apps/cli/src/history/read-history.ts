import type { Setup } from '@tidemark/command-line';
import { toIso } from '@tidemark/command-line/render';
import { openBothTrackings, type BothTrackings } from '@tidemark/command-line/run';
import type { TablesFile } from '@tidemark/config';
import { TidemarkError, type ErrorCode } from '@tidemark/errors';
import type { AttemptCost, ChangeCounts, HistoryEntry, Hop, TrackingStatus } from '@tidemark/tracking';

import { chooseTracked } from '../status/choose-tracked.ts';

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

/**
 * The history of both databases as one, newest first.
 *
 * @throws TidemarkError TABLE_UNKNOWN for a table or model that has no record and is not configured; RUN_UNKNOWN for a run
 *   that no record is of
 */
export async function readHistory({ environment, file }: Setup, asked: HistoryInput): Promise<HistoryReport> {
  await using tracking = await openBothTrackings({ environment });
  await Promise.all([tracking.copy.requireCurrent(), tracking.load.requireCurrent()]);
  const input = asked.table === undefined ? asked : { ...asked, table: await knownTable(asked.table, tracking, file) };
  const found = await entriesOf(input, tracking);
  if (found.length === 0 && input.runId !== undefined) await requireRun(input.runId, tracking);
  return { runs: mergeNewestFirst(found, input.limit) };
}

async function entriesOf(input: HistoryInput, { copy, load }: BothTrackings): Promise<HistoryEntry[]> {
  const [copied, loaded] = await Promise.all([copy.history(input), load.history(input)]);
  return [...copied, ...loaded];
}

/** An empty answer would say that the run did nothing. */
async function requireRun(runId: string, tracking: BothTrackings): Promise<void> {
  if ((await entriesOf({ runId, limit: 1 }, tracking)).length > 0) return;
  throw new TidemarkError('RUN_UNKNOWN', {
    message: `there is no record of a run ${runId}`,
    hint: 'Take the whole id as `tidemark history` shows it. A run that began no table has no record, nor has one of verify; old ones are pruned.',
  });
}

/** In its own spelling. */
async function knownTable(asked: string, { copy, load }: BothTrackings, file: TablesFile | null): Promise<string> {
  const [copied, loaded, transformed] = await Promise.all([copy.states(), load.states(), load.transformStates()]);
  const models = transformed.map(({ model }) => model);
  const [table, another] = chooseTracked({ file, copied, loaded, models, terms: { select: [asked], exclude: [] } });
  if (table !== undefined && another === undefined) return table;
  throw new TidemarkError('CONFIG_INVALID', {
    message: `${asked} is not the name of one table`,
    hint: 'Name one, or none for all; with --json the lines can be filtered.',
  });
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
