import { expect } from 'vitest';

import type { Pipeline } from '../pipeline.ts';
import { outcomeOf } from './outcome-of.ts';
import { ASKED, runTold, WITH_DIGEST } from './sheets.ts';

/** What is left to do after DDL on the source: nothing but the next runs, or what the error says. */
export const MENDS = {
  'next run': runNext,
  'next digest': runWithDigest,
  'named again': nameAgain,
  'full refresh': refreshAsTold,
};

async function runNext(pipeline: Pipeline, table: string): Promise<void> {
  expect(await runTold(pipeline, table, ASKED)).toEqual({ code: null });
}

async function runWithDigest(pipeline: Pipeline, table: string): Promise<void> {
  await runNext(pipeline, table);
  expect(await runTold(pipeline, table, WITH_DIGEST)).toEqual({ code: null });
}

async function nameAgain(pipeline: Pipeline, table: string): Promise<void> {
  expect(await runTold(pipeline, table, ASKED)).toMatchObject({ code: 'TABLE_GONE' });
  await pipeline.source.exec(`RENAME TABLE ${table}_away TO ${table}`);
  await runNext(pipeline, table);
}

async function refreshAsTold(pipeline: Pipeline, table: string): Promise<void> {
  expect(await runTold(pipeline, table, ASKED)).toMatchObject(asksFor(`tidemark run ${table} --full-refresh`));
  const refreshed = await outcomeOf(pipeline.run(table, { ...ASKED, fullRefresh: true }));
  if (refreshed.code === null) return;
  // Raw holds a type that cannot become the new one.
  expect(refreshed).toMatchObject(asksFor(`tidemark load ${table} --full-refresh`));
  await pipeline.warehouse.exec(`DROP TABLE raw.${table}`);
  await pipeline.load(table, { ...ASKED, fullRefresh: true });
}

function asksFor(command: string): object {
  return { code: 'SCHEMA_INCOMPATIBLE', hint: expect.stringContaining(command) };
}
