import { columnForm, keyColumns, keyListCondition, type ColumnDescription, type KeyValue } from '@tidemark/mysql';

import { copyInto } from './copy-into.ts';
import type { LoadContext } from './load-context.ts';
import { dropRepeated } from './merge-statements.ts';
import { selectRows } from './select-rows.ts';
import type { Staged } from './stage-rows.ts';
import { GONE, ROW_KEY, STAGE } from './stage-tables.ts';
import type { NamedRows } from './types.ts';

const KEYS_PER_STATEMENT = 500;

/**
 * Stages the replica's rows of the named keys, and the keys themselves as those of rows that may be gone: which of them
 * the replica lacks is what the two tables tell the merge.
 */
export async function stageNamed(context: LoadContext, { keys }: NamedRows): Promise<Staged> {
  const { client, target, replicaTable } = context;
  const columns = keyColumns(replicaTable.description, replicaTable.key);
  const read = { rows: 0, bytes: 0, changes: { zeroDates: 0, nulStripped: 0, outOfRange: 0 } };
  for (let at = 0; at < keys.length; at += KEYS_PER_STATEMENT) {
    const batch = keys.slice(at, at + KEYS_PER_STATEMENT);
    const selected = selectRows(context, keyListCondition(columns, batch));
    await copyInto(client, { table: STAGE, columns: target.columns }, selected, context);
    await client.query(`INSERT INTO ${GONE} (${ROW_KEY}) SELECT unnest($1::text[])`, [
      batch.map((key) => rowKey(context, key)),
    ]);
    const { rows, bytes, changes } = selected.encoder;
    read.rows += rows;
    read.bytes += bytes;
    read.changes.zeroDates += changes.zeroDates;
    read.changes.nulStripped += changes.nulStripped;
    read.changes.outOfRange += changes.outOfRange;
  }
  const { rowCount } = await client.query(dropRepeated(target));
  read.rows -= rowCount ?? 0;
  return { rows: read.rows, read };
}

/** A key as a tombstone has it, and as raw can hold it: without NUL. */
function rowKey({ target }: LoadContext, key: KeyValue): string {
  const texts = target.keyColumns.map(({ source }, place) => keyText(source, key[place] ?? ''));
  return JSON.stringify(texts.map((text) => text.replaceAll('\0', '')));
}

function keyText(column: ColumnDescription, text: string): string {
  return columnForm(column) === 'enum' ? wordsOf(column, text) : text;
}

/** The word of an ENUM by its number, the words of a SET by their bits, as the server prints them. */
function wordsOf({ dataType, columnType }: ColumnDescription, text: string): string {
  const words = [...columnType.matchAll(/'((?:[^']|'')*)'/g)].map(([, word = '']) => word.replaceAll("''", "'"));
  const number = BigInt(text);
  if (dataType === 'enum') return number === 0n ? '' : (words[Number(number) - 1] ?? '');
  return words.filter((_, place) => (number >> BigInt(place)) % 2n === 1n).join(',');
}
