import { loadTable } from '@tidemark/loader';
import { copyTable } from '@tidemark/replicator';
import type { ProgressEvent, TableResult } from '@tidemark/tracking';

import { copySettings, loadSettings } from '../settings/hop-settings.ts';
import type { Setup } from '../settings/set-up.ts';
import { attempt } from './attempt.ts';
import { limitSource } from './limit-source.ts';
import { logError, logPause, logPlan, logRetry } from './log-run.ts';
import type { OpenedRun } from './open-run.ts';
import { notBegun, type RunHop, type TableOutcome } from './outcome.ts';
import { createPatience, type Patience } from './patience.ts';
import type { Progress } from './progress.ts';
import type { HopWork } from './run-tables.ts';
import type { SourceWindow } from './source-window.ts';

export interface HopContext {
  readonly setup: Pick<Setup, 'file' | 'log' | 'settings'>;
  readonly opened: OpenedRun;
  readonly progress: Progress;
  readonly runId: string;
  readonly fullRefresh: boolean;
  readonly allowDeletes: boolean;
  readonly adopt: boolean;
  /** The user's wish to stop. */
  readonly signal: AbortSignal;
  readonly window: SourceWindow;
}

/** The hops of the run, in their order, each as a function of the table. */
export function hopsOf(context: HopContext): { readonly hop: RunHop; readonly work: HopWork }[] {
  const { copy, load } = context.opened;
  return [
    ...(copy ? [{ hop: 'copy' as const, work: copyWork(context, copy) }] : []),
    ...(load ? [{ hop: 'load' as const, work: loadWork(context, load) }] : []),
  ];
}

function copyWork(context: HopContext, databases: NonNullable<OpenedRun['copy']>): HopWork {
  const { setup, window, runId, fullRefresh, allowDeletes, adopt } = context;
  const signal = AbortSignal.any([context.signal, window.signal]);
  const patience = createPatience(setup.settings.retries.value);
  const throttle = limitSource(setup.file, window);
  const statementTimeoutSeconds = setup.file?.source.statementTimeoutSeconds ?? undefined;
  const deps = { ...databases, signal, throttle, statementTimeoutSeconds };
  return async (table) => {
    const closed = window.whyClosed();
    if (closed !== null) return notBegun(table, 'copy', closed);
    const settings = copySettings(setup.file, table);
    const outcome = await tryHop({ ...context, signal, patience }, 'copy', table, (onProgress) =>
      copyTable({ ...deps, onProgress }, { table, settings, runId, fullRefresh, allowDeletes, adopt }),
    );
    return context.signal.aborted ? outcome : forgiveClosing(outcome, window);
  };
}

/** A table that the closing window stopped has not failed: it goes on where it stands when the window opens again. */
function forgiveClosing(outcome: TableOutcome, window: SourceWindow): TableOutcome {
  if (outcome.error?.code !== 'STOPPED') return outcome;
  return { ...outcome, status: 'skipped', reason: window.whyClosed(), error: null };
}

function loadWork(context: HopContext, databases: NonNullable<OpenedRun['load']>): HopWork {
  const { setup, signal, runId, fullRefresh, allowDeletes } = context;
  const patience = createPatience(setup.settings.retries.value);
  return (table) => {
    const settings = loadSettings(setup.file, table);
    return tryHop({ ...context, patience }, 'load', table, (onProgress) =>
      loadTable({ ...databases, signal, onProgress }, { table, settings, runId, fullRefresh, allowDeletes }),
    );
  };
}

function tryHop(
  { setup, progress, runId, patience, signal }: HopContext & { readonly patience: Patience },
  hop: RunHop,
  table: string,
  work: (onProgress: (event: ProgressEvent) => void) => Promise<TableResult>,
): Promise<TableOutcome> {
  return attempt(work, {
    table,
    hop,
    onProgress: (event) => {
      progress.take(event);
      if (event.type === 'started') logPlan(setup.log, runId, event);
      else if (event.type !== 'progress') logPause(setup.log, runId, event);
    },
    onError: (error) => logError(setup.log, { runId, hop, table, error }),
    onRetry: (failed) => logRetry(setup.log, { runId, hop, table }, failed),
    patience,
    signal,
  });
}
