import { streamEncodedRows, textColumn } from '@tidemark/mysql';
import { TRACKING_TABLES } from '@tidemark/tracking';

import { copyInto } from './copy-into.ts';
import type { LoadContext } from './load-context.ts';
import { quoteName } from './postgres-name.ts';
import { GONE, ROW_KEY, STAGE } from './stage-tables.ts';
import { selectRows } from './select-rows.ts';
import { stageNamed } from './stage-named.ts';
import type { Read } from './to-success.ts';

export interface Staged {
  readonly rows: number;
  readonly read: Read;
}

/**
 * Brings rows and tombstones from the replica into temporary tables of this connection, before the transaction begins:
 * raw is locked only while it is written.
 */
export async function stageRows(context: LoadContext): Promise<Staged> {
  const { client, target } = context;
  const columns = target.columns.map((column) => `${quoteName(column.name)} ${column.type}`);
  await client.query(`CREATE TEMPORARY TABLE ${STAGE} (${columns.join(', ')})`);
  await client.query(`CREATE TEMPORARY TABLE ${GONE} (${ROW_KEY} text)`);
  const { repair } = context.input;
  const staged = repair ? await stageNamed(context, repair) : await stageSelected(context);
  await stageTombstones(context);
  // A temporary table is never analyzed by itself, and the merge must know whether this holds ten rows or a million.
  await client.query(`ANALYZE ${STAGE} (${target.keyColumns.map((column) => quoteName(column.name)).join(', ')})`);
  return staged;
}

async function stageSelected(context: LoadContext): Promise<Staged> {
  const { client, target } = context;
  const selected = selectRows(context);
  const rows = await copyInto(client, { table: STAGE, columns: target.columns }, selected, context);
  return { rows, read: selected.encoder };
}

/** After a success, since the connection goes back to the pool. After a failure tracking closes it, and they go with it. */
export async function dropStage({ client }: Pick<LoadContext, 'client'>): Promise<void> {
  await client.query(`DROP TABLE IF EXISTS ${STAGE}, ${GONE}`);
}

async function stageTombstones(context: LoadContext): Promise<void> {
  const { client, replica, plan, input } = context;
  if (plan.tombstones === null || input.settings.deletes === 'ignore') return;
  const { after, upTo } = plan.tombstones;
  const gone = streamEncodedRows(
    replica,
    {
      sql: `SELECT row_key FROM ${TRACKING_TABLES.tombstone}
             WHERE table_name = ? AND copy_sequence > ? AND copy_sequence <= ?`,
      params: [input.table, BigInt(after), BigInt(upTo)],
    },
    { columns: [ROW_KEY_COLUMN], target: 'copy' },
  );
  await copyInto(client, { table: GONE, columns: [{ name: ROW_KEY }] }, gone, context);
}

/** As JSON, so that an escaped NUL within a key is left out here as the NUL was left out of the row. */
const ROW_KEY_COLUMN = textColumn(ROW_KEY, 'json');
