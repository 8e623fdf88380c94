import { listenForStop, type Setup, type Terms } from '@tidemark/command-line';
import {
  chooseTables,
  createProgress,
  limitSource,
  showProgress,
  watchSourceWindow,
  worstStatus,
} from '@tidemark/command-line/run';
import type { Scope } from '@tidemark/verifier';
import PQueue from 'p-queue';
import { v7 as newRunId } from 'uuid';

import { openVerify, type OpenedVerify } from './open-verify.ts';
import { verifyOne, type RepairAsked } from './verify-one.ts';
import { exitCodeOf, notCompared, windowIsClosed, type VerifiedTable, type VerifyReport } from './verify-report.ts';

export interface VerifyTablesInput {
  readonly terms: Terms;
  readonly scope: Scope;
  readonly repair: RepairAsked | null;
  /** Whether the source may be read outside its time window. */
  readonly ignoreWindow: boolean;
}

export interface FinishedVerify {
  readonly report: VerifyReport;
  readonly durationMs: number;
  readonly exitCode: number;
}

/**
 * Compares the selected tables, the biggest first. A table that cannot be compared is told of and stops no other one.
 *
 * @throws TidemarkError when nothing could be begun
 */
export async function verifyTables(setup: Setup, input: VerifyTablesInput): Promise<FinishedVerify> {
  const runId = newRunId();
  const startedAt = new Date();
  await using opened = await openVerify(setup);
  const { tables, signalCode } = await work(setup, input, { opened, runId });
  const finishedAt = new Date();
  const exitCode = signalCode ?? exitCodeOf({ scope: input.scope.kind, tables });
  return {
    report: {
      runId,
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt.toISOString(),
      scope: input.scope.kind,
      ok: exitCode === 0,
      tables,
    },
    durationMs: finishedAt.getTime() - startedAt.getTime(),
    exitCode,
  };
}

async function work(
  { file, settings, log, stderr }: Setup,
  { terms, scope, repair, ignoreWindow }: VerifyTablesInput,
  { opened, runId }: { readonly opened: OpenedVerify; readonly runId: string },
) {
  const { deps, listed, states, sourceWall } = opened;
  const chosen = chooseTables({ file, listed, where: 'source', terms, lastStatus: worstStatus(states) });
  using stop = listenForStop((name) => log.warn(`${name}: stopping at the next safe point; once more to end at once`));
  using window = watchSourceWindow(ignoreWindow ? null : (file?.source.window ?? null), sourceWall);
  const closed = window.whyClosed();
  if (closed !== null) log.warn(`nothing is compared now: ${closed}; --ignore-window overrules it`);
  const progress = createProgress(chosen.tables.length, 'verify', () => performance.now());
  using _display = showProgress(progress, stderr);
  const queue = new PQueue({ concurrency: settings.jobs.value });
  const signal = AbortSignal.any([stop.signal, window.signal]);
  const throttle = limitSource(file, window);
  const statementTimeoutSeconds = file?.source.statementTimeoutSeconds ?? undefined;
  const compared = await Promise.all(
    chosen.tables.map((table) =>
      queue.add(async (): Promise<VerifiedTable> => {
        const { name } = table;
        if (stop.signal.aborted) return notCompared(name, { reason: 'the command was stopped before its turn' });
        const isClosed = window.whyClosed();
        if (isClosed !== null) return notCompared(name, { reason: null, error: windowIsClosed(isClosed) });
        const limited = { ...deps, signal, throttle, statementTimeoutSeconds };
        const whyClosed = (): string | null => (stop.signal.aborted ? null : window.whyClosed());
        return verifyOne({ file, log, progress, deps: limited, runId, scope, repair, whyClosed }, table);
      }),
    ),
  );
  const skipped = chosen.skipped.map(({ table, reason }) => notCompared(table, { reason }));
  const refused = chosen.refused.map(({ table, error: { code, message, hint } }) => {
    log.error({ runId, table, code, hint }, `${table}: not compared: ${message} (${code})`);
    return notCompared(table, { reason: null, error: { code, message, hint } });
  });
  return { tables: [...compared, ...refused, ...skipped], signalCode: stop.exitCode() };
}
