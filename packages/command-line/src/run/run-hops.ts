import { keepSeconds } from '@tidemark/config';
import { v7 as newRunId } from 'uuid';

import type { Terms } from '../program/selection-flags.ts';
import { listenForStop } from '../program/stop-signal.ts';
import type { Setup } from '../settings/set-up.ts';
import { chooseTables, type ChosenTables } from '../tables/choose-tables.ts';
import { worstStatus } from '../tables/last-status.ts';
import { exitCodeOf } from './exit-code.ts';
import { hopsOf } from './hop-work.ts';
import { showProgress } from './live-progress.ts';
import { logError, logOutcome } from './log-run.ts';
import { openRun, type OpenedRun } from './open-run.ts';
import { failed, notBegun, notReached, type RunHop, type TableOutcome } from './outcome.ts';
import { createProgress } from './progress.ts';
import { toTableReport, type RunReport } from './run-report.ts';
import { runTables } from './run-tables.ts';
import { watchSourceWindow } from './source-window.ts';

export interface RunInput {
  /** In the order in which a table goes through them. */
  readonly hops: readonly RunHop[];
  readonly terms: Terms;
  readonly fullRefresh: boolean;
  readonly allowDeletes: boolean;
  /** Take over rows that another program copied, instead of reading them anew. */
  readonly adopt?: boolean;
  /** Whether the source may be read outside its time window. */
  readonly ignoreWindow: boolean;
}

export interface FinishedRun {
  readonly report: RunReport;
  readonly outcomes: readonly TableOutcome[];
  readonly durationMs: number;
  readonly exitCode: number;
}

/**
 * Takes the selected tables through the hops. A table that fails is told of in the report and stops no other one.
 *
 * @throws TidemarkError when nothing could be begun
 */
export async function runHops(setup: Setup, input: RunInput): Promise<FinishedRun> {
  const runId = newRunId();
  const startedAt = new Date();
  await using opened = await openRun(setup, input.hops);
  await pruneHistories(opened, keepSeconds(setup.file, 'history'));
  const chosen = choose(setup, input, opened);
  const { outcomes, signalCode } = await work({ setup, input, opened, runId, chosen });
  const finishedAt = new Date();
  const exitCode = signalCode ?? exitCodeOf(outcomes);
  return {
    report: {
      runId,
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt.toISOString(),
      ok: exitCode === 0,
      tables: outcomes.map(toTableReport),
    },
    outcomes,
    durationMs: finishedAt.getTime() - startedAt.getTime(),
    exitCode,
  };
}

/** Before the first table, so that what hinders it is told once and before anything was done. */
async function pruneHistories({ copy, load }: OpenedRun, seconds: number | null): Promise<void> {
  if (seconds === null) return;
  await copy?.tracking.pruneHistory(seconds);
  await load?.tracking.pruneHistory(seconds);
}

function choose({ file, log }: Setup, { terms }: RunInput, { copy, listed, states }: OpenedRun): ChosenTables {
  const where = copy ? 'source' : 'replica';
  const chosen = chooseTables({ file, listed, where, terms, lastStatus: worstStatus(states) });
  for (const { table, reason } of chosen.skipped) log.info({ table, reason }, `${table}: skipped: ${reason}`);
  return chosen;
}

interface Work {
  readonly setup: Setup;
  readonly input: RunInput;
  readonly opened: OpenedRun;
  readonly runId: string;
  readonly chosen: ChosenTables;
}

async function work({ setup, input, opened, runId, chosen }: Work) {
  const { file, settings, log, stderr } = setup;
  using stop = listenForStop((name) => log.warn(`${name}: stopping at the next safe point; once more to end at once`));
  const isWatched = opened.copy !== null && !input.ignoreWindow;
  using window = watchSourceWindow(isWatched ? (file?.source.window ?? null) : null, opened.sourceWall);
  const closed = window.whyClosed();
  if (closed !== null) log.warn(`nothing is copied now: ${closed}; --ignore-window overrules it`);
  const progress = createProgress(chosen.tables.length, input.hops.at(-1) ?? 'copy', () => performance.now());
  using _display = showProgress(progress, stderr);
  const { fullRefresh, allowDeletes, adopt = false } = input;
  const worked = await runTables({
    tables: chosen.tables.map(({ name }) => name),
    hops: hopsOf({ setup, opened, progress, runId, fullRefresh, allowDeletes, adopt, signal: stop.signal, window }),
    jobs: settings.jobs.value,
    signal: stop.signal,
    onOutcome: (outcome) => {
      progress.finish(outcome);
      logOutcome(log, runId, outcome);
    },
  });
  const skipped = chosen.skipped.flatMap(({ table, reason }) => input.hops.map((hop) => notBegun(table, hop, reason)));
  const refused = refuse(chosen, input.hops, (hop, table, error) => logError(log, { runId, hop, table, error }));
  return { outcomes: [...worked, ...refused, ...skipped], signalCode: stop.exitCode() };
}

/** Each fails in its first hop. */
function refuse(
  chosen: ChosenTables,
  hops: readonly RunHop[],
  onError: (hop: RunHop, table: string, error: unknown) => void,
): TableOutcome[] {
  const [first, ...later] = hops;
  if (first === undefined) return [];
  return chosen.refused.flatMap(({ table, error }) => {
    onError(first, table, error);
    return [failed(table, first, error), ...later.map((hop) => notReached(table, hop, first))];
  });
}
