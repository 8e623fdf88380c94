import type { KeyValue } from '@tidemark/mysql';

import { rawKeyValue } from './describe-raw.ts';
import { keyToValue } from './key-text.ts';
import type { Value } from './same-value.ts';
import { columnsInRaw, keyDescriptions, type VerifyContext } from './verify-context.ts';

/** A raw row: the values of `columnsInRaw`, and whether it is marked as deleted. */
export interface RawRow {
  readonly values: readonly Value[];
  readonly isMarked: boolean;
}

/** Reads raw rows by their keys, in one statement; by the key as JSON text. */
export async function readRawRows(context: VerifyContext, keys: readonly KeyValue[]): Promise<Map<string, RawRow>> {
  const { raw, warehouse } = context;
  const rows = new Map<string, RawRow>();
  if (keys.length === 0) return rows;
  const parts = keyDescriptions(context);
  const wanted = parts.map((_, place) => `k${place}`);
  const matches = parts.flatMap((part, place) => {
    const column = raw.columns.get(part.name);
    return column ? [`t.${column.name} = ${rawKeyValue(part, column, `wanted.k${place}`)}`] : [];
  });
  const values = columnsInRaw(context).map(({ replica }) => `(${raw.columns.get(replica.name)?.expression})::text`);
  const mark = raw.marksDeleted ? 't._tidemark_deleted_at IS NOT NULL' : 'false';
  const { rows: found } = await warehouse.query<(string | boolean | null)[]>({
    text: `SELECT (wanted.place - 1)::text, ${mark}, ${values.join(', ')}
             FROM unnest(${parts.map((_, place) => `$${place + 1}::text[]`).join(', ')})
                  WITH ORDINALITY AS wanted(${[...wanted, 'place'].join(', ')})
             JOIN ${raw.qualified} AS t ON ${matches.join(' AND ')}`,
    values: parts.map((part, place) => keys.map((key) => keyToValue(part, key[place] ?? ''))),
    rowMode: 'array',
  });
  for (const [place, isMarked, ...texts] of found) {
    rows.set(JSON.stringify(keys[Number(place)]), {
      isMarked: isMarked === true,
      values: texts.map((text) => (typeof text === 'string' ? Buffer.from(text) : null)),
    });
  }
  return rows;
}
