import type { HopState } from '@tidemark/tracking';
import { expect } from 'vitest';

import type { Asked, Pipeline } from '../pipeline.ts';
import { outcomeOf, type Outcome } from './outcome-of.ts';

/** A table read by its stamps, first in chunks of four rows. */
export const ASKED: Asked = {
  plan: { incrementalColumns: ['DateTStamp'] },
  copy: { batchRows: 4 },
  allowDeletes: true,
};
export const WITH_DIGEST: Asked = { ...ASKED, copy: { ...ASKED.copy, digestEverySeconds: 0 } };

export const SHEET_COLUMNS = `SheetNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note varchar(40), Pages smallint NOT NULL,
  DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp`;

/** Twelve rows with odd keys, their stamps days apart: no lookback reaches from one to the next. */
export async function createSheets({ source }: Pipeline, table: string): Promise<void> {
  const rows = Array.from({ length: 12 }, (_, n) => `(${n * 2 + 1}, 'sheet ${n}', ${n}, '2026-01-${10 + n} 08:00:00')`);
  await source.exec(
    `CREATE TABLE ${table} (${SHEET_COLUMNS}) ENGINE=MyISAM; INSERT INTO ${table} VALUES ${rows.join(', ')}`,
  );
}

/** What no failure may move (P4). */
export function standing(state: HopState | null): Partial<HopState> | null {
  if (state === null || !state.succeeded) return null;
  const { lastSucceededAt, rows, watermarks, highestKey, structure, copySequence, sourceAsOf, digestedAt } = state;
  return { lastSucceededAt, rows, watermarks, highestKey, structure, copySequence, sourceAsOf, digestedAt };
}

/** The state of a hop after a run that ended so: a failure has moved nothing and is told. */
export async function expectTold(
  pipeline: Pipeline,
  hop: 'copy' | 'load',
  run: { readonly table: string; readonly before: HopState | null; readonly outcome: Outcome },
): Promise<void> {
  const after = (await pipeline.states(run.table))[hop];
  if (run.outcome.code === null) {
    expect(after).toMatchObject({ status: 'success', lastError: null });
    return;
  }
  expect(standing(after)).toEqual(standing(run.before));
  expect(after).toMatchObject({ status: 'failed', lastError: run.outcome.code });
}

/** Both hops, as two commands would do them one after the other. */
export async function runTold(pipeline: Pipeline, table: string, asked: Asked): Promise<Outcome> {
  const before = await pipeline.states(table);
  const copy = await outcomeOf(pipeline.copy(table, asked));
  await expectTold(pipeline, 'copy', { table, before: before.copy, outcome: copy });
  if (copy.code !== null) return copy;
  const load = await outcomeOf(pipeline.load(table, asked));
  await expectTold(pipeline, 'load', { table, before: before.load, outcome: load });
  return load;
}
