import { type Failure, type Logger, toFailure } from '@tidemark/command-line';
import { formatDuration, plural } from '@tidemark/command-line/render';
import { NO_FAULT, type ListedTable, type Progress } from '@tidemark/command-line/run';
import { tableSettings, toPlanSettings, type TablesFile } from '@tidemark/config';
import type { ErrorCode } from '@tidemark/errors';
import type { VerificationEntry } from '@tidemark/tracking';
import { verifyTable, type Scope, type Verified, type VerifyDeps, type VerifySettings } from '@tidemark/verifier';

import { followTable } from './follow-table.ts';
import { planRepair } from './foresee-repair.ts';
import { repairRows } from './repair-rows.ts';
import { logPauses, tellProgress } from './tell-progress.ts';
import { notCompared, toVerifiedTable, windowIsClosed, type Mended, type VerifiedTable } from './verify-report.ts';

export interface VerifyWork {
  readonly file: TablesFile | null;
  readonly log: Logger;
  readonly progress: Progress;
  readonly deps: VerifyDeps;
  readonly runId: string;
  readonly scope: Scope;
  /** Null: differences are told and left. */
  readonly repair: RepairAsked | null;
  /** Why the source may not be read any more, where that and nobody else has stopped the work. */
  readonly whyClosed: () => string | null;
}

export interface RepairAsked {
  /** Only say what would be done. */
  readonly dryRun: boolean;
  readonly allowDeletes: boolean;
}

/** Compares one table and writes down what came of it. A failure is a result, and is written down as one. */
export async function verifyOne(work: VerifyWork, { name: table, estimatedRows }: ListedTable): Promise<VerifiedTable> {
  const began = performance.now();
  const startedAt = new Date();
  const { progress, scope, log, runId } = work;
  const followed = followTable(progress, { table, scope: scope.kind, estimatedRows });
  const deps = { ...work.deps, ...tellProgress(followed, logPauses(log, runId, table)) };
  const result = await compareOne({ ...work, deps }, table, began);
  followed.end(result);
  await work.deps.loadTracking.recordVerification(entryOf(work, startedAt, result));
  return result;
}

async function compareOne(work: VerifyWork, table: string, began: number): Promise<VerifiedTable> {
  const { file, log, runId, scope, deps } = work;
  const took = (): number => Math.round(performance.now() - began);
  try {
    const settings = verifySettings(file, table);
    const found = await verifyTable(deps, { table, settings, scope });
    const mended = await mend(work, found, settings);
    const result = toVerifiedTable(found.verification, { ...mended, durationMs: took() });
    logResult(log, runId, result);
    return result;
  } catch (error) {
    const closed = whyStopped(work, error);
    if (closed !== null) {
      log.info({ runId, table, reason: closed }, `${table}: not compared to its end: ${closed}`);
      return notCompared(table, { reason: null, error: windowIsClosed(closed), durationMs: took() });
    }
    const { code, message, hint } = logFailure(log, { runId, table, error }, 'comparison');
    return notCompared(table, { reason: null, error: { code, message, hint }, durationMs: took() });
  }
}

/** Repairs what was found, where that was asked for, and looks at those rows again. */
async function mend(work: VerifyWork, found: Verified, settings: VerifySettings): Promise<Mended> {
  const { repair, deps, log, runId } = work;
  const { verification, rows } = found;
  const { table, verdict } = verification;
  if (repair === null || rows.length === 0) return { repaired: 0, verdict };
  try {
    if (repair.dryRun) {
      return { repaired: 0, verdict, wouldRepair: await planRepair({ ...repair, deps, table, rows }) };
    }
    await repairRows({ ...work, ...repair, table, rows, sourceRows: verification.sourceRows ?? 0 });
    const scope = { kind: 'keys', keys: rows.map(({ key }) => key) } as const;
    const { verification: again } = await verifyTable(deps, { table, settings, scope });
    // Rows beyond those that are named were not looked at again.
    const isAll = rows.length === verification.missing + verification.extra + verification.different;
    return {
      repaired: rows.length - again.missing - again.extra - again.different - again.inMotion,
      verdict: isAll && again.verdict === 'match' ? 'match' : 'differs',
      // What the clinic changes again and again differs no more here than in a comparison without a repair.
      inMotion: verification.inMotion + again.inMotion,
    };
  } catch (error) {
    const closed = whyStopped(work, error);
    if (closed !== null) {
      log.warn({ runId, table, reason: closed }, `${table}: not repaired to its end: ${closed}`);
      return { repaired: 0, verdict };
    }
    const { code, message, hint } = logFailure(log, { runId, table, error }, 'repair');
    return { repaired: 0, verdict, error: { code, message, hint } };
  }
}

/** A closing window is no failure of the table: the next command begins anew. */
function whyStopped({ whyClosed }: VerifyWork, error: unknown): string | null {
  return toFailure(error).code === 'STOPPED' ? whyClosed() : null;
}

/** A table's settings as its comparison takes them. */
export function verifySettings(file: TablesFile | null, table: string): VerifySettings {
  const settings = tableSettings(file, table);
  const { primaryKey, deletes, timeColumnZone } = settings;
  return { plan: toPlanSettings(settings), primaryKey, deletes, timeColumnZone };
}

function logFailure(
  log: Logger,
  { runId, table, error }: { readonly runId: string; readonly table: string; readonly error: unknown },
  what: 'comparison' | 'repair',
): Failure {
  const failure = toFailure(error);
  const { code, message, hint, stack } = failure;
  const word = NO_FAULT[code];
  log[word ? 'warn' : 'error'](
    { runId, table, code, hint },
    `${table}: ${what} ${word ?? 'failed'}: ${message} (${code})`,
  );
  if (stack !== null) log.debug({ runId, table, code, stack }, `${table}: where it happened`);
  return failure;
}

function logResult(log: Logger, runId: string, result: VerifiedTable): void {
  const { table, verdict, reason, missing, extra, different, repaired, pending, inMotion, causes, durationMs } = result;
  const facts = { runId, table, verdict, missing, extra, different, repaired, pending, inMotion, causes, durationMs };
  if (verdict === 'skipped') log.info({ runId, table, reason }, `${table}: not compared: ${reason}`);
  else if (verdict === 'match') {
    const mended = repaired > 0 ? `, ${plural(repaired, 'row')} repaired` : '';
    log.info(facts, `${table}: equal${mended}, ${formatDuration(durationMs)}`);
  } else log.warn(facts, `${table}: differs, ${missing} missing, ${extra} extra, ${different} different`);
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
    // What was found stands, though its repair failed; who is stopped has not failed.
    verdict: error && error.code !== 'STOPPED' && verdict === 'skipped' ? 'failed' : verdict,
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
