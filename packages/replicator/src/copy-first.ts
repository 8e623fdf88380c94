import { TidemarkError } from '@tidemark/errors';
import { advanceHighestKey, quoteMysqlIdentifier, type Plan } from '@tidemark/incremental';
import { createChunkPace, SEQUENCE_COLUMN, toPlanTable, walkKeyRanges, type KeyRange } from '@tidemark/mysql';
import { reachPoint, type HopSuccess } from '@tidemark/tracking';

import { atMost } from './await-turn.ts';
import type { CopyContext } from './copy-context.ts';
import { holdMarks } from './hold-marks.ts';
import { nextMarks } from './next-marks.ts';
import { observeRows } from './observe-rows.ts';
import { readSource, type ReadTotals } from './read-source.ts';
import { recordedStructure } from './recorded-structure.ts';
import { refuseAltered } from './refuse-altered.ts';
import { refuseRepeatedKeys } from './refuse-repeated-keys.ts';
import { requireCopiedRows } from './require-replica-rows.ts';
import { addObservations, readResumePoint, writeResumePoint, type ResumePoint } from './resume-point.ts';
import { runDdl } from './run-ddl.ts';
import { mayMoveMarks, readUpgradeSigns } from './upgrade-signs.ts';
import { insertRows, loadRows } from './write-rows.ts';

const MOST_ROWS_PER_CHUNK = 100_000;

/** The replica table as a first copy finds it. */
interface FirstReplica {
  readonly isEmpty: boolean;
  /** It had lost a column and has it again, without the values. */
  readonly lacksValues: boolean;
}

/**
 * Copies a whole table into a replica table that nothing was copied into before but by a first copy that did not end.
 * Each chunk is committed together with a resume point, so a killed run goes on after its last chunk. Watermarks and
 * `success` come with the last chunk only, and the watermarks are capped by the clock as it was before the very first
 * chunk.
 */
export async function copyFirst(context: CopyContext, plan: Plan, replica: FirstReplica): Promise<HopSuccess> {
  const { session, input, key, signs: before } = context;
  if (before.isBeingMoved) refusePartialReplacement(context);
  let point = await whereToBegin(context, replica);
  const totals: ReadTotals = { rows: 0, bytes: 0 };
  const pace = createChunkPace({ mostRows: atMost(context, input.settings.batchRows ?? MOST_ROWS_PER_CHUNK) });
  const ranges = walkKeyRanges(context.source, {
    table: context.sourceTable,
    key,
    rowsPerRange: () => pace.rows(),
    startAfter: point.after.length > 0 ? point.after : null,
  });
  for await (const range of ranges) {
    const { upTo } = range;
    if (upTo === null) return session.commit(input.table, input.runId, async () => finish(await copyChunk(range)));
    await session.commitChunk(input.table, async () => {
      point = { ...(await copyChunk(range)), after: upTo };
      return { resume: writeResumePoint(point) };
    });
  }
  return session.commit(input.table, input.runId, async () => finish(point));

  async function copyChunk(range: KeyRange): Promise<ResumePoint> {
    const { next, took } = await writeChunk(context, plan, { range, point, totals });
    pace.took(next.rows - point.rows, took);
    return next;
  }
  async function finish(last: ResumePoint): Promise<HopSuccess> {
    await requireCopiedRows(context, last.rows);
    await refuseAltered(context);
    const done = success(context, plan, last, totals);
    const signs = await readUpgradeSigns(context.source, input.table);
    if (mayMoveMarks(last.signs, signs)) return done;
    refusePartialReplacement(context);
    return holdMarks(context, done);
  }
}

/**
 * A resume point holds only while the rows it speaks of are there and have the columns of today. Where it does not, the
 * rows of the copy that did not end are taken away first: some of them may be gone from the source by now.
 */
async function whereToBegin(context: CopyContext, { isEmpty, lacksValues }: FirstReplica): Promise<ResumePoint> {
  const { table, fullRefresh } = context.input;
  if (isEmpty) return beginning(context);
  const { structure, signs } = context;
  const point = readResumePoint(context.state?.resume ?? null, { structure, created: signs.created });
  if (point && !fullRefresh && !lacksValues && mayMoveMarks(point.signs, signs)) return point;
  await runDdl(context.replica, table, `TRUNCATE TABLE ${quoteMysqlIdentifier(context.replicaTable.name)}`);
  return beginning(context);
}

/**
 * Rows that have not been moved back yet would be missing from a replica table that takes the place of a whole one, and
 * the load would take them out of raw. Where nothing was copied before, a part is better than nothing.
 *
 * @throws TidemarkError TABLE_CHANGED_DURING_RUN
 */
function refusePartialReplacement({ state, input: { table } }: CopyContext): void {
  if (state?.succeeded !== true) return;
  throw new TidemarkError('TABLE_CHANGED_DURING_RUN', {
    message: 'the rows of the source table are being moved, or it was replaced, while its copy is built anew',
    hint: 'Run again when the upgrade of OpenDental is done. Until then the rows in raw stay as they are.',
    table,
  });
}

/** Nothing copied yet. */
function beginning(context: CopyContext): ResumePoint {
  return {
    structure: context.structure,
    after: [],
    rows: 0,
    snapshot: context.snapshot,
    openTransactionAgeSeconds: context.openTransactionAgeSeconds,
    observations: [],
    highestKey: null,
    signs: context.signs,
  };
}

async function writeChunk(
  context: CopyContext,
  plan: Plan,
  chunk: { readonly range: KeyRange; readonly point: ResumePoint; readonly totals: ReadTotals },
): Promise<{ next: ResumePoint; took: number }> {
  const { point, totals } = chunk;
  const planTable = toPlanTable(context.sourceTable, context.key);
  const observers = observeRows(context.columns, plan.observe, planTable, point.snapshot);
  const before = totals.rows;
  let took = 0;
  const options = { observers, totals, took: (_rows: number, ms: number) => (took = ms) };
  const sequence = { column: SEQUENCE_COLUMN, value: context.sequence };
  const target = { table: context.replicaTable.name, columns: context.columns, sequence };
  const pieces = [{ range: chunk.range }];
  const rowTail = BigInt(context.sequence).toString();
  const written = context.replica.facts.localInfile
    ? await loadRows(context.replica, target, readSource(context, pieces, { ...options, target: 'load_data' }))
    : await insertRows(context.replica, target, readSource(context, pieces, { ...options, target: 'insert', rowTail }));
  refuseRepeatedKeys({ read: totals.rows - before, written }, context.input.table);
  await reachPoint('copy.chunk-staged', context.input.table);
  const highest = observers.highestKey();
  return {
    took,
    next: {
      ...point,
      rows: point.rows + totals.rows - before,
      observations: addObservations(point.observations, observers.observations(), plan.observe),
      highestKey: planTable.keyIsAutoIncrement ? advanceHighestKey({ previous: point.highestKey, highest }) : null,
    },
  };
}

function success(context: CopyContext, plan: Plan, last: ResumePoint, totals: ReadTotals): HopSuccess {
  return {
    ...nextMarks(context, plan, last),
    rows: last.rows,
    structure: recordedStructure(context.structure, context.sourceTable),
    copySequence: context.sequence,
    sourceAsOf: last.snapshot.utc,
    strategy: 'full_table',
    digestedAt: last.snapshot.utc,
    counts: {
      rowsRead: totals.rows,
      rowsInserted: totals.rows,
      rowsUpdated: 0,
      rowsDeleted: 0,
      rowsUnchanged: 0,
      bytes: totals.bytes,
    },
    changes: {},
  };
}
