import { quoteMysqlIdentifier } from '@tidemark/incremental';

import type { CopyContext } from './copy-context.ts';
import type { RowObservers } from './observe-rows.ts';
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

/** Reads pieces of the source into the staging table. A row that is read twice stands there once, as last read. */
export async function stageRows(
  context: CopyContext,
  pieces: AsyncIterable<ReadPiece> | Iterable<ReadPiece>,
  options: {
    readonly observers: RowObservers;
    readonly totals: ReadTotals;
    readonly took?: (rows: number, ms: number) => void;
  },
): Promise<void> {
  const target = { table: STAGE, columns: context.columns, sequence: null };
  if (context.replica.facts.localInfile) {
    await loadRows(context.replica, target, readSource(context, pieces, { ...options, target: 'load_data' }));
  } else {
    await insertRows(context.replica, target, readSource(context, pieces, { ...options, target: 'insert' }));
  }
}

/** Empties the staging table without ending the transaction, as TRUNCATE would. */
export async function emptyStage(context: CopyContext): Promise<void> {
  await context.replica.execute(`DELETE FROM ${STAGE}`);
}
