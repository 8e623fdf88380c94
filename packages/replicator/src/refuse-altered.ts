import { TidemarkError } from '@tidemark/errors';
import { comparableType, describeColumns } from '@tidemark/mysql';

import type { CopyContext } from './copy-context.ts';

/**
 * A column that got another type while it was read: its values may have been rounded or cut to the type that the replica
 * has, and nobody would be told. Asked before what was read is committed.
 *
 * What was added, renamed, dropped or replaced by then harms no row that was read: the next run follows it.
 *
 * @throws TidemarkError TABLE_CHANGED_DURING_RUN
 */
export async function refuseAltered({
  source,
  sourceTable,
  columns,
}: Pick<CopyContext, 'source' | 'sourceTable' | 'columns'>): Promise<void> {
  const now = new Map((await describeColumns(source, sourceTable.name)).map((column) => [column.name, column]));
  const altered = columns.filter((column) => {
    const found = now.get(column.name);
    return found !== undefined && comparableType(found) !== comparableType(column);
  });
  if (altered.length === 0) return;
  throw new TidemarkError('TABLE_CHANGED_DURING_RUN', {
    message: `the source table was altered while it was read: ${altered.map(({ name }) => name).join(', ')} has another type now`,
    hint: 'Run again: it is read in its new form.',
    table: sourceTable.name,
  });
}
