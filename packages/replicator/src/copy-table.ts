import { classifyDriverError, TidemarkError } from '@tidemark/errors';
import {
  adoptConnection,
  describeTables,
  endConnection,
  fingerprintOf,
  inZone,
  openMysqlSession,
  prepareSession,
  readClock,
  readOldestTransactionAge,
  requireReadable,
  STOP_READING_MS,
  STOP_WRITING_MS,
  stopDeadline,
  structureFingerprint,
  type MysqlSession,
  type StopDeadline,
  type TableDescription,
} from '@tidemark/mysql';
import { reachPoint, type CopySession, type HopSuccess, type TableResult } from '@tidemark/tracking';

import { copyChanges } from './copy-changes.ts';
import { stopIfAsked, stopped, type CopyContext } from './copy-context.ts';
import { copyFirst } from './copy-first.ts';
import { hasRows } from './count-replica-rows.ts';
import { explainRefusal } from './explain-refusal.ts';
import { ensureReplicaTable } from './ensure-replica-table.ts';
import type { Differences } from './find-differences.ts';
import { forgetTombstones } from './forget-tombstones.ts';
import { keyOf } from './key-of.ts';
import { planCopy, whyDigest } from './plan-copy.ts';
import { repairTable } from './repair-table.ts';
import { requireWholeTable } from './require-whole-table.ts';
import type { CopyDeps, CopyInput } from './types.ts';
import { readUpgradeSigns } from './upgrade-signs.ts';
import { wasCopied } from './was-copied.ts';

/**
 * Copies one table from the source to the replica: lock, clock, describe, plan, read, apply, commit.
 *
 * @throws TidemarkError after the failure was recorded; TABLE_LOCKED when another run holds the table
 */
export async function copyTable(deps: CopyDeps, input: CopyInput): Promise<TableResult> {
  const began = performance.now();
  const session = await deps.tracking.openSession();
  using deadline = stopDeadline(deps.signal);
  deadline.after(STOP_WRITING_MS, () => endConnection(deps.replica, 'replica', session.connection));
  try {
    await session.lock(input.table);
    return {
      ...(await copyLocked(deps, input, { session, deadline })),
      durationMs: Math.round(performance.now() - began),
    };
  } catch (error) {
    const failure = deadline.hasPassed ? stopped(input) : classifyDriverError(error, 'replica', input.table);
    if (failure.code !== 'TABLE_LOCKED') await recordFailure(session, input, failure);
    throw failure;
  } finally {
    await session.release();
  }
}

/** The first error is the one that is told: one that comes from writing it down must not take its place. */
async function recordFailure(session: CopySession, input: CopyInput, failure: TidemarkError): Promise<void> {
  try {
    await session.recordFailure(input.table, input.runId, failure);
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
  }
}

type Done = Omit<TableResult, 'durationMs'>;

interface Held {
  readonly session: CopySession;
  readonly deadline: StopDeadline;
}

async function copyLocked(deps: CopyDeps, input: CopyInput, { session, deadline }: Held): Promise<Done> {
  const source = await openSource(deps);
  using _stop = deadline.after(STOP_READING_MS, () => endConnection(deps.source, 'source', source.connection));
  try {
    await prepareSession(session.connection);
    const replica = await adoptConnection(session.connection, 'replica', deps.replica.database);
    const snapshot = inZone(await readClock(source), input.settings.timeColumnZone);
    const openTransactionAgeSeconds = await readOldestTransactionAge(source);
    await reachPoint('copy.clock-read', input.table);
    const sourceTable = await describeSource(source, input.table);
    const state = await session.state(input.table);
    if (!sourceTable) {
      if (wasCopied(state)) throw tableGone(input);
      return skipped(input, 'the source has no such table');
    }
    await requireWholeTable(source, sourceTable.name);
    const key = requireKey(sourceTable, input);
    const signs = await readUpgradeSigns(source, sourceTable.name);
    const clock = { snapshot, openTransactionAgeSeconds };
    const known = { deps, input, session, source, replica, sourceTable, key, signs, state, ...clock };
    try {
      return await (input.repair ? copyNamed(known, input.repair) : copyDescribed(known));
    } catch (error) {
      // One connection a job (P9): this one may be in the middle of its rows, another one asks.
      throw await explainRefusal(classifyDriverError(error, 'replica', input.table), sourceTable, async () => {
        await source.close();
        return openSource(deps);
      });
    }
  } finally {
    await source.close();
  }
}

/**
 * Seconds after which the source ends a statement of ours by itself (P9). Reads take half a second; one that takes so
 * much longer, or that nobody waits for any more, is not to hold up the practice.
 */
const STATEMENT_TIMEOUT_SECONDS = 600;

function openSource({ source, stallTimeoutMs, ...deps }: CopyDeps): Promise<MysqlSession> {
  const statementTimeoutSeconds = deps.statementTimeoutSeconds ?? STATEMENT_TIMEOUT_SECONDS;
  return openMysqlSession(source, { where: 'source', statementTimeoutSeconds, stallTimeoutMs });
}

type Known = Omit<CopyContext, 'replicaTable' | 'columns' | 'structure' | 'sequence'>;

async function copyDescribed(known: Known): Promise<Done> {
  const { deps, input, session, replica, sourceTable, key, signs, state } = known;
  const columns = sourceTable.columns;
  const structure = structureFingerprint(columns, key);
  const sequence = (BigInt(state?.copySequence ?? '0') + 1n).toString();
  await forgetTombstones(replica, input.table, state);
  const ensured = await ensureReplicaTable(replica, {
    source: sourceTable,
    key,
    indexed: input.settings.plan.incrementalColumns ?? [],
    rebuild: input.fullRefresh,
    // Of rows that were copied before nobody knows which were loaded: all of them are loaded anew.
    sequenceOfRows: state?.copySequence == null ? '0' : sequence,
    beforeGaining: () => session.forgetColumns(input.table),
    isBeingMoved: signs.isBeingMoved,
  });
  await reachPoint('copy.replica-table-ready', input.table);
  const isEmpty = !(await hasRows(replica, input.table));
  // A column that only the replica lacked: the source's has its values, and no stamp tells of them.
  const lacksValues = ensured.gained && fingerprintOf(state?.structure ?? null) === structure;
  const replicaIsNew = ensured.created || lacksValues || (isEmpty && (state?.rows ?? 0) > 0) || state?.resume != null;
  const holdsRows = !isEmpty && state?.resume == null;
  const facts = { input, sourceTable, key, structure, state, replicaIsNew, holdsRows };
  const plan = planCopy(facts);
  const context: CopyContext = { ...known, replicaTable: ensured.description, columns, structure, state, sequence };
  stopIfAsked(context);
  const { kind, reason } = plan;
  const otherStatements = (): number => known.source.statements();
  await session.recordStart({
    runId: input.runId,
    table: input.table,
    plan: kind,
    reason: reason.text,
    otherStatements,
  });
  const { estimatedRows } = sourceTable;
  deps.onProgress?.({
    type: 'started',
    hop: 'copy',
    table: input.table,
    plan: kind,
    reason: reason.text,
    estimatedRows,
  });
  // What is not back yet is not gone: while rows are being moved a comparison would find nothing else.
  const digest = plan.kind === 'incremental' && !signs.isBeingMoved ? whyDigest(facts, known.snapshot.utc) : null;
  const isFirst = plan.kind === 'full' && (isEmpty || state?.resume != null);
  const outcome = isFirst
    ? await copyFirst(context, plan, { isEmpty, lacksValues: ensured.gained })
    : await copyChanges(context, plan, digest !== null);
  return finished(input, digest === null ? plan.reason.text : `${plan.reason.text} ${digest}`, outcome);
}

function tableGone({ table }: CopyInput): TidemarkError {
  return new TidemarkError('TABLE_GONE', {
    message: 'the source no longer has this table, which was copied before; its rows stay in replica and raw',
    hint: `If it was renamed, list its new name in tables.yml. If it is gone for good, take ${table} out of tables.yml, or use --exclude ${table}. If OpenDental is being upgraded, run again when that is done.`,
    table,
  });
}

async function copyNamed(known: Known, repair: Differences): Promise<Done> {
  const { reason, outcome } = await repairTable(known, repair);
  return finished(known.input, reason, outcome);
}

async function describeSource(source: MysqlSession, table: string): Promise<TableDescription | undefined> {
  const found = (await describeTables(source, [table])).find((description) => description.name === table);
  if (found) await requireReadable(source, table);
  return found;
}

function requireKey(table: TableDescription, input: CopyInput): readonly string[] {
  const key = keyOf(table, input.settings.primaryKey);
  if (key.length > 0) return key;
  throw new TidemarkError('TABLE_WITHOUT_KEY', {
    message: 'the table has no primary key and no unique index without NULLs: its rows cannot be written by key',
    hint: 'Name unique columns as primary_key of this table in tables.yml, or leave it out with --exclude.',
    table: table.name,
  });
}

const NOTHING = { rowsRead: 0, rowsInserted: 0, rowsUpdated: 0, rowsDeleted: 0, rowsUnchanged: 0, bytes: 0 };

function skipped(input: CopyInput, reason: string): Done {
  return { table: input.table, hop: 'copy', strategy: null, reason, status: 'skipped', counts: NOTHING, changes: {} };
}

function finished(input: CopyInput, reason: string, outcome: HopSuccess): Done {
  const { strategy, counts, changes } = outcome;
  return { table: input.table, hop: 'copy', strategy, reason, status: 'success', counts, changes };
}
