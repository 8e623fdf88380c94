import { TidemarkError } from '@tidemark/errors';
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

/**
 * Reads raw rows by their keys, in one statement; by the key as JSON text.
 *
 * @throws TidemarkError DUPLICATE_KEY when two rows have one key: only a raw that lost its unique index can have them
 */
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
  if (rows.size < found.length) throw repeatedKeys(context, found.length - rows.size);
  return rows;
}

function repeatedKeys({ raw, input }: VerifyContext, rows: number): TidemarkError {
  return new TidemarkError('DUPLICATE_KEY', {
    message: `warehouse: ${raw.qualified} has no unique index on its key, and rows with the key of another row: ${rows} among those looked at`,
    hint: `Run \`TRUNCATE ${raw.qualified}\`, then \`tidemark load ${input.table}\`: it fills the table again, each key once. Or remove the duplicates by hand.`,
    table: input.table,
  });
}
