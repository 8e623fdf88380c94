import { type Logger, toFailure } from '@tidemark/command-line';
import { formatDuration } from '@tidemark/command-line/render';
import { NO_FAULT } from '@tidemark/command-line/run';
import { tableSettings, toPlanSettings, type TablesFile } from '@tidemark/config';
import type { ErrorCode } from '@tidemark/errors';
import type { VerificationEntry } from '@tidemark/tracking';
import { verifyTable, type Scope, type VerifyDeps, type VerifySettings } from '@tidemark/verifier';

import { notCompared, toVerifiedTable, type VerifiedTable } from './verify-report.ts';

export interface VerifyWork {
  readonly file: TablesFile | null;
  readonly log: Logger;
  readonly deps: VerifyDeps;
  readonly runId: string;
  readonly scope: Scope;
}

/** Compares one table and writes down what came of it. A failure is a result, and is written down as one. */
export async function verifyOne(work: VerifyWork, table: string): Promise<VerifiedTable> {
  const began = performance.now();
  const startedAt = new Date();
  const result = await compareOne(work, table, began);
  await work.deps.loadTracking.recordVerification(entryOf(work, startedAt, result));
  return result;
}

async function compareOne(work: VerifyWork, table: string, began: number): Promise<VerifiedTable> {
  const { file, log, deps, runId, scope } = work;
  const took = (): number => Math.round(performance.now() - began);
  try {
    const { verification } = await verifyTable(deps, { table, settings: verifySettings(file, table), scope });
    const result = toVerifiedTable(verification, { repaired: 0, durationMs: took() });
    logResult(log, runId, result);
    return result;
  } catch (error) {
    const { code, message, hint, stack } = toFailure(error);
    const word = NO_FAULT[code];
    log[word ? 'warn' : 'error'](
      { runId, table, code, hint },
      `${table}: ${word ? `not compared, ${word}` : 'could not be compared'}: ${message} (${code})`,
    );
    if (stack !== null) log.debug({ runId, table, code, stack }, `${table}: where it happened`);
    return notCompared(table, { reason: null, error: { code, message, hint }, durationMs: took() });
  }
}

/** A table's settings as its comparison takes them. */
export function verifySettings(file: TablesFile | null, table: string): VerifySettings {
  const settings = tableSettings(file, table);
  const { primaryKey, deletes, timeColumnZone } = settings;
  return { plan: toPlanSettings(settings), primaryKey, deletes, timeColumnZone };
}

function logResult(log: Logger, runId: string, result: VerifiedTable): void {
  const { table, verdict, reason, missing, extra, different, pending, inMotion, causes, durationMs } = result;
  const facts = { runId, table, verdict, missing, extra, different, pending, inMotion, causes, durationMs };
  if (verdict === 'skipped') log.info({ runId, table, reason }, `${table}: not compared: ${reason}`);
  else if (verdict === 'match') log.info(facts, `${table}: equal, ${formatDuration(durationMs)}`);
  else log.warn(facts, `${table}: differs, ${missing} missing, ${extra} extra, ${different} different`);
}

function entryOf({ runId, scope }: VerifyWork, startedAt: Date, result: VerifiedTable): VerificationEntry {
  const { table, verdict, error } = result;
  const { missing, extra, different, pending, inMotion, repaired, causes, columns } = result;
  const { sourceAsOf, sourceRows, replicaRows, warehouseRows } = result;
  return {
    runId,
    table,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    scope: scope.kind === 'keys' ? 'sample' : scope.kind,
    verdict: error ? 'failed' : verdict,
    sourceAsOf,
    sourceRows,
    replicaRows,
    warehouseRows,
    missing,
    extra,
    different,
    pending,
    inMotion,
    repaired,
    causes,
    columns,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every failure's code is one of them
    errorCode: (error?.code as ErrorCode | undefined) ?? null,
  };
}
