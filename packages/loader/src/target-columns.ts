import { TidemarkError } from '@tidemark/errors';
import { SEQUENCE_COLUMN, type ColumnDescription } from '@tidemark/mysql';

import { postgresName } from './postgres-name.ts';
import { postgresType } from './postgres-type.ts';
import { DELETED_AT_COLUMN, type TargetColumn } from './raw-target.ts';

/** Every PostgreSQL table has these already (PostgreSQL manual, 5.6 System Columns). */
const SYSTEM_COLUMNS = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']);

/**
 * The columns that are loaded, with the name and type a new raw table gives them. The sequence column is Tidemark's own
 * and stays in the replica.
 *
 * @throws TidemarkError SCHEMA_INCOMPATIBLE when a name cannot be a column of raw
 */
export function targetColumns(
  table: string,
  columns: readonly ColumnDescription[],
  key: readonly string[],
): TargetColumn[] {
  const targets = columns
    .filter((column) => column.name !== SEQUENCE_COLUMN)
    .map((source) => ({
      source,
      name: postgresName(source.name),
      type: postgresType(source),
      isKey: key.includes(source.name),
    }));
  const reserved = targets.find(({ name }) => SYSTEM_COLUMNS.has(name) || name === DELETED_AT_COLUMN);
  if (reserved) {
    throw cannotBeNamed(table, `column ${reserved.source.name} has a name that raw keeps for itself`);
  }
  for (const [name, same] of Map.groupBy(targets, (target) => target.name)) {
    if (same.length === 1) continue;
    const names = same.map((target) => target.source.name).join(' and ');
    throw cannotBeNamed(table, `columns ${names} are both ${name} once PostgreSQL has cut them to 63 bytes`);
  }
  return targets;
}

function cannotBeNamed(table: string, message: string): TidemarkError {
  return new TidemarkError('SCHEMA_INCOMPATIBLE', {
    message: `warehouse: ${message}`,
    hint: 'Leave this table out of the load (--exclude), or rename the column in the source.',
    table,
  });
}
