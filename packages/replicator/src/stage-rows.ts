import { quoteMysqlIdentifier } from '@tidemark/incremental';

import type { CopyContext } from './copy-context.ts';
import type { RowObservers } from './observe-rows.ts';
import { refuseRepeatedKeys } from './refuse-repeated-keys.ts';
import { readSource, type ReadPiece, type ReadTotals } from './read-source.ts';
import { insertRows, loadRows } from './write-rows.ts';

/** A temporary table of the session: it is gone with the connection, whatever happens. */
export const STAGE = '_tidemark_stage';

/** Creates the empty staging table: the replica table's columns and key, nothing else. */
export async function createStage(context: CopyContext): Promise<void> {
  const names = context.columns.map((column) => quoteMysqlIdentifier(column.name)).join(', ');
  const key = context.key.map(quoteMysqlIdentifier).join(', ');
  await context.replica.execute(`DROP TEMPORARY TABLE IF EXISTS ${STAGE}`);
  await context.replica.execute(
    `CREATE TEMPORARY TABLE ${STAGE} (PRIMARY KEY (${key})) ENGINE=InnoDB
     SELECT ${names} FROM ${quoteMysqlIdentifier(context.replicaTable.name)} WHERE FALSE`,
  );
}

/**
 * Reads pieces of the source into the staging table. Where pieces may overlap, a row that is read twice stands there
 * once, as last read; where they may not, it is refused.
 *
 * @throws TidemarkError DUPLICATE_KEY when pieces that do not overlap bring a key twice
 */
export async function stageRows(
  context: CopyContext,
  pieces: AsyncIterable<ReadPiece> | Iterable<ReadPiece>,
  options: {
    /** Each piece selects rows by another branch of the predicate, so a row may be in several. */
    readonly mayOverlap?: boolean;
    readonly observers: RowObservers;
    readonly totals: ReadTotals;
    readonly took?: (rows: number, ms: number) => void;
  },
): Promise<void> {
  const target = { table: STAGE, columns: context.columns, sequence: null };
  const { totals, mayOverlap = false } = options;
  const before = totals.rows;
  const written = context.replica.facts.localInfile
    ? await loadRows(context.replica, target, readSource(context, pieces, { ...options, target: 'load_data' }))
    : await insertRows(context.replica, target, readSource(context, pieces, { ...options, target: 'insert' }));
  if (!mayOverlap) refuseRepeatedKeys({ read: totals.rows - before, written }, context.input.table);
}

/** Empties the staging table without ending the transaction, as TRUNCATE would. */
export async function emptyStage(context: CopyContext): Promise<void> {
  await context.replica.execute(`DELETE FROM ${STAGE}`);
}
