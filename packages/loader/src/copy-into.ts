import { pipeline } from 'node:stream/promises';

import { TidemarkError } from '@tidemark/errors';
import type { EncodedRows } from '@tidemark/mysql';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

import { stopIfAsked, type LoadContext } from './load-context.ts';
import { quoteName } from './postgres-name.ts';
import type { TargetColumn } from './raw-target.ts';

export interface CopyTarget {
  /** Quoted. */
  readonly table: string;
  readonly columns: readonly Pick<TargetColumn, 'name'>[];
  /** FREEZE: only legal for a table created in the same transaction, and worth it there (no later rewrite by VACUUM). */
  readonly freeze?: boolean;
}

type Watcher = Pick<LoadContext, 'deps' | 'input'>;

/** Milliseconds between two progress events. */
const PROGRESS_EVERY = 500;

/**
 * Streams encoded rows into a table by COPY; memory stays flat, because each side waits for the other.
 *
 * @returns rows that PostgreSQL says it took
 * @throws TidemarkError STOPPED when the run was asked to end, COUNTS_DISAGREE when the server took fewer rows than read
 */
export async function copyInto(
  client: PoolClient,
  target: CopyTarget,
  rows: EncodedRows,
  watcher: Watcher,
): Promise<number> {
  const columns = target.columns.map((column) => quoteName(column.name)).join(', ');
  const options = target.freeze === true ? ' WITH (FREEZE)' : '';
  const copy = client.query(copyFrom(`COPY ${target.table} (${columns}) FROM STDIN${options}`));
  await pipeline(rows.stream, (pieces: AsyncIterable<Buffer>) => watch(pieces, rows, watcher), copy);
  requireSameCount(rows.encoder.rows, copy.rowCount, watcher.input.table);
  return copy.rowCount;
}

/** Lets the pieces through, tells how far the load is, and ends it when it was asked to stop. */
async function* watch(pieces: AsyncIterable<Buffer>, rows: EncodedRows, watcher: Watcher): AsyncGenerator<Buffer> {
  const { onProgress } = watcher.deps;
  let told = performance.now();
  for await (const piece of pieces) {
    stopIfAsked(watcher);
    yield piece;
    if (!onProgress || performance.now() - told < PROGRESS_EVERY) continue;
    told = performance.now();
    const { encoder } = rows;
    onProgress({ type: 'progress', hop: 'load', table: watcher.input.table, rows: encoder.rows, bytes: encoder.bytes });
  }
}

function requireSameCount(read: number, staged: number, table: string): void {
  if (read === staged) return;
  throw new TidemarkError('COUNTS_DISAGREE', {
    message: `warehouse: ${read} rows were read from the replica and ${staged} arrived`,
    hint: 'The load was undone. Run again; if it recurs, this is a defect.',
    table,
  });
}
