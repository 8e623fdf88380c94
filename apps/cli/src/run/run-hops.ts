import { performance } from 'node:perf_hooks';

import { loadTable } from '@tidemark/loader';
import { copyTable } from '@tidemark/replicator';
import { v7 as newRunId } from 'uuid';

import type { Terms } from '../command-line/selection-flags.ts';
import { listenForStop } from '../command-line/stop-signal.ts';
import { copySettings, loadSettings } from '../settings/hop-settings.ts';
import type { Setup } from '../settings/set-up.ts';
import { chooseTables } from '../tables/choose-tables.ts';
import { worstStatus } from '../tables/last-status.ts';
import { attempt } from './attempt.ts';
import { exitCodeOf } from './exit-code.ts';
import { showProgress } from './live-progress.ts';
import { logError, logOutcome, logPlan } from './log-run.ts';
import { openRun, type OpenedRun } from './open-run.ts';
import { notBegun, type RunHop, type TableOutcome } from './outcome.ts';
import { createProgress, type Progress } from './progress.ts';
import { toTableReport, type RunReport } from './run-report.ts';
import { runTables, type HopWork } from './run-tables.ts';

export interface RunInput {
  /** In the order in which a table goes through them. */
  readonly hops: readonly RunHop[];
  readonly terms: Terms;
  readonly fullRefresh: boolean;
  readonly allowDeletes: boolean;
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
  const { file, settings, log, stderr } = setup;
  const runId = newRunId();
  const startedAt = new Date();
  await using opened = await openRun(setup, input.hops);
  const where = opened.copy ? 'source' : 'replica';
  const lastStatus = worstStatus(opened.states);
  const chosen = chooseTables({ file, listed: opened.listed, where, terms: input.terms, lastStatus });
  using stop = listenForStop((name) => log.warn(`${name}: stopping at the next safe point; once more to end at once`));
  const lastHop = input.hops.at(-1) ?? 'copy';
  const progress = createProgress(chosen.tables.length, lastHop, () => performance.now());
  const skipped = chosen.skipped.flatMap(({ table, reason }) => input.hops.map((hop) => notBegun(table, hop, reason)));
  for (const outcome of skipped) logOutcome(log, runId, outcome);
  using _display = showProgress(progress, stderr);
  const worked = await runTables({
    tables: chosen.tables.map(({ name }) => name),
    hops: hopsOf({ setup, input, opened, progress, runId, signal: stop.signal }),
    jobs: settings.jobs.value,
    signal: stop.signal,
    onOutcome: (outcome) => {
      progress.finish(outcome);
      logOutcome(log, runId, outcome);
    },
  });
  const outcomes = [...worked, ...skipped];
  const exitCode = stop.exitCode() ?? exitCodeOf(outcomes);
  const finishedAt = new Date();
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

interface HopContext {
  readonly setup: Setup;
  readonly input: RunInput;
  readonly opened: OpenedRun;
  readonly progress: Progress;
  readonly runId: string;
  readonly signal: AbortSignal;
}

function hopsOf(context: HopContext): { hop: RunHop; work: HopWork }[] {
  const { copy, load } = context.opened;
  const { file } = context.setup;
  const { runId, signal } = context;
  const { fullRefresh, allowDeletes } = context.input;
  const asked = { runId, fullRefresh, allowDeletes };
  return [
    ...(copy
      ? [
          attempts(context, 'copy', (table, onProgress) =>
            copyTable({ ...copy, signal, onProgress }, { table, settings: copySettings(file, table), ...asked }),
          ),
        ]
      : []),
    ...(load
      ? [
          attempts(context, 'load', (table, onProgress) =>
            loadTable({ ...load, signal, onProgress }, { table, settings: loadSettings(file, table), ...asked }),
          ),
        ]
      : []),
  ];
}

type Work = (table: string, onProgress: Progress['take']) => ReturnType<typeof copyTable>;

function attempts({ setup, progress, runId }: HopContext, hop: RunHop, work: Work): { hop: RunHop; work: HopWork } {
  const { log } = setup;
  return {
    hop,
    work: (table) =>
      attempt((onProgress) => work(table, onProgress), {
        table,
        hop,
        onProgress: (event) => {
          progress.take(event);
          if (event.type === 'started') logPlan(log, runId, event);
        },
        onError: (error) => logError(log, { runId, hop, table, error }),
      }),
  };
}
