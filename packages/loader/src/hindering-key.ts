import { hasKey } from './alter-raw.ts';
import type { RawTable } from './describe-raw.ts';
import type { RawTarget } from './raw-target.ts';

/**
 * A primary key of raw on other columns, which would refuse rows that the replica's key allows; null where there is none.
 * One that can refuse nothing stays: on more columns than the key, or on a number that raw gives out itself.
 */
export function hinderingKey(
  existing: RawTable,
  target: Pick<RawTarget, 'columns' | 'keyColumns'>,
): RawTable['primaryKey'] {
  const { primaryKey } = existing;
  if (primaryKey === null || hasKey(existing, target)) return null;
  const isImplied = target.keyColumns.every(({ name }) => primaryKey.columns.includes(name));
  const isFilled = primaryKey.columns.every((name) => target.columns.some((column) => column.name === name));
  const isOwn = existing.columns
    .filter(({ name }) => primaryKey.columns.includes(name))
    .every(({ name, hasDefault }) => hasDefault && !target.columns.some((column) => column.name === name));
  return (isImplied && isFilled) || isOwn ? null : primaryKey;
}
