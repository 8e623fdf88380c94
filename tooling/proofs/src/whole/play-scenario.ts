import { TidemarkError } from '@tidemark/errors';
import { findDifferingKeys, onPoint } from '@tidemark/testkit';
import type { TableResult } from '@tidemark/tracking';
import { expect } from 'vitest';

import type { Asked, Pipeline } from '../pipeline.ts';
import { change, createClinicTable, keyNames, type ClinicTable } from './clinic-table.ts';
import { cutConnections } from './cut-connections.ts';
import { expectAccountsAddUp } from './expect-accounts.ts';
import { expectMarksInOrder, type Marks } from './expect-marks.ts';
import type { Scenario, Step } from './scenario.ts';

type RunStep = Extract<Step, { kind: 'run' | 'fail' }>;

/**
 * Plays a scenario and judges the end.
 *
 * What is asserted after each success: watermarks never move back and never pass the source's clock. After the last quiet
 * runs: all that an incremental read can see is equal; and after one comparison by digest everything is, no key stands
 * twice, and the history's counts add up to the rows that are there.
 *
 * What `incremental` without a digest cannot see, precisely: a row whose last change moved none of its stamps, and a row
 * that was deleted.
 */
export async function playScenario(pipeline: Pipeline, name: string, { shape, steps }: Scenario): Promise<void> {
  const table = await createClinicTable(pipeline.source, name, shape);
  let marks: Marks = {};
  for (const step of steps) {
    if (step.kind === 'run' || step.kind === 'fail') {
      await runStep(pipeline, table, step);
      marks = await expectMarksInOrder(pipeline, name, marks);
    } else await change(pipeline.source, table, step);
  }
  // A first copy that goes on after an interruption is of the time of its first chunk, as its source_as_of says: what
  // changed since in the chunks that were there comes with the run after it.
  if ((await pipeline.states(name)).copy?.resume) await quietRun(asked(table));
  await quietRun(asked(table));
  await expectVisibleEqual(pipeline, table);
  await quietRun({ ...asked(table), copy: { digestEverySeconds: 0, batchRows: shape.batchRows } });
  await pipeline.expectEqual(name);
  const twice = await quietRun(asked(table));
  expect([twice.copy.counts, twice.load.counts]).toMatchObject([NO_CHANGE, NO_CHANGE]);
  await expectAccountsAddUp(pipeline, name);

  async function quietRun(how: Asked): Promise<{ copy: TableResult; load: TableResult }> {
    const copy = await persistent(() => pipeline.copy(name, how));
    return { copy, load: await persistent(() => pipeline.load(name, how)) };
  }
}

const TRIES = 4;

/** As the command does: what is transient (a pooled connection that a cut has killed) is tried again. */
async function persistent(work: () => Promise<TableResult>): Promise<TableResult> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      if (tried === TRIES || !isTransient(error)) throw error;
    }
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof TidemarkError && error.isTransient;
}

const NO_CHANGE = { rowsInserted: 0, rowsUpdated: 0, rowsDeleted: 0 };

function asked({ shape }: ClinicTable): Asked {
  const incrementalColumns = [...(shape.stamp ? ['DateTStamp'] : []), ...(shape.edited ? ['Edited'] : [])];
  return {
    plan: { strategy: shape.strategy, incrementalColumns },
    copy: { batchRows: shape.batchRows, digestEverySeconds: shape.digestEachRun ? 0 : null },
    // Small tables are emptied by chance; that is not what is tested here.
    allowDeletes: true,
  };
}

/** A run that fails at its point must fail as told, or not have come to the point; nothing else may go wrong. */
async function runStep(pipeline: Pipeline, table: ClinicTable, step: RunStep): Promise<void> {
  const hops = step.hop === 'both' ? (['copy', 'load'] as const) : ([step.hop] as const);
  for (const hop of hops) {
    if (step.kind === 'run') await persistent(() => pipeline[hop](table.name, asked(table)));
    else if (!(await interrupted(pipeline, table, hop, step))) return;
  }
}

async function interrupted(
  pipeline: Pipeline,
  table: ClinicTable,
  hop: 'copy' | 'load',
  step: Extract<Step, { kind: 'fail' }>,
): Promise<boolean> {
  const action = step.how === 'throw' ? 'fail' : () => cutConnections(pipeline);
  using point = onPoint(step.point, table.name, action);
  try {
    await pipeline[hop](table.name, asked(table));
    return true;
  } catch (error) {
    if (point.visits() === 0 && !isTransient(error)) throw error;
    return false;
  }
}

/** Rows that differ after quiet runs are only those that no stamp tells of. */
async function expectVisibleEqual(pipeline: Pipeline, table: ClinicTable): Promise<void> {
  const { strategy, digestEachRun } = table.shape;
  const seesAll = strategy !== 'incremental' || digestEachRun;
  if (seesAll || (table.silent.size === 0 && table.deleted.size === 0)) return pipeline.expectEqual(table.name);
  const blind = new Set([...table.silent, ...table.deleted]);
  const { source, replica, warehouse } = pipeline;
  const databases = {
    source: source.endpoint,
    replica: replica.endpoint,
    warehouse: warehouse.endpoint,
    schema: 'raw',
  };
  const differing = await findDifferingKeys(databases, table.name, keyNames(table));
  expect(differing.filter((key) => !blind.has(key))).toEqual([]);
}
