import type { PoolClient } from 'pg';

import type { RawTable } from './describe-raw.ts';
import { hinderingKey } from './hindering-key.ts';
import { quoteName } from './postgres-name.ts';
import type { RawTarget } from './raw-target.ts';

export interface KeyedRaw {
  readonly existing: RawTable;
  readonly target: Pick<RawTarget, 'qualified' | 'columns' | 'keyColumns'>;
  /** Whether any row is in it. */
  readonly isFilled: boolean;
}

/** Why the rows of raw cannot be told apart by the replica's key, with what mends it; names only. */
export async function findKeyObstacles(
  client: PoolClient,
  { existing, target, isFilled }: KeyedRaw,
): Promise<string[]> {
  const { qualified, keyColumns } = target;
  const names = keyColumns.map(({ name }) => name);
  const obstacles: string[] = [];
  const other = hinderingKey(existing, target);
  if (other !== null) {
    const statement = `ALTER TABLE ${qualified} DROP CONSTRAINT ${quoteName(other.constraint)}`;
    const columns = other.columns.join(', ');
    obstacles.push(`its primary key is (${columns}), and rows are written by (${names.join(', ')}): \`${statement}\``);
  }
  if (!isFilled) return obstacles;
  const absent = names.filter((name) => !existing.columns.some((column) => column.name === name));
  if (absent.length > 0) {
    obstacles.push(`it lacks ${absent.join(', ')} of the key, so its rows match none: \`TRUNCATE ${qualified}\``);
  } else if (await holdsTwins(client, qualified, names))
    obstacles.push(`it holds some keys more than once: remove the duplicates, or \`TRUNCATE ${qualified}\``);
  return obstacles;
}

/** A row with a NULL in its key has no twin for a unique index, and none in the replica: it goes with the phantoms. */
async function holdsTwins(client: PoolClient, qualified: string, names: readonly string[]): Promise<boolean> {
  const columns = names.map((name) => quoteName(name));
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT FROM ${qualified} WHERE ${columns.map((column) => `${column} IS NOT NULL`).join(' AND ')}
                     GROUP BY ${columns.join(', ')} HAVING count(*) > 1) AS found`,
  );
  return rows[0]?.found === true;
}
